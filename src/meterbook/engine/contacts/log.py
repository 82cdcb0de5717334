"""The policy `contact-log`: what people contact the office about, with words to begin with and days to come back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from meterbook.engine.billing.adjusting import fields


@dataclass(frozen=True, slots=True)
class ContactReason:
    """One reason: its words, the text that fills a contact's words, and after how many days it is followed up."""

    code: str
    words: Mapping[str, str]
    text: Mapping[str, str]
    follow_up_days: int | None


def parse_contacts(found: Mapping[str, Any]) -> dict[str, ContactReason]:
    """The policy's mapping as reasons by code, in their order; raises `WrongSetting`."""
    reasons: dict[str, ContactReason] = {}
    for at, each in enumerate(fields.entries(found.get("reasons"), "reasons")):
        where = f"reasons[{at}]"
        given = fields.entry(each, where, ("code", "words"), ("text", "follow_up_days"))
        code = fields.code(given["code"], f"{where}.code")
        if code in reasons:
            raise fields.WrongSetting(f"{where}.code", code, "a code that stands once")
        days = given.get("follow_up_days")
        reasons[code] = ContactReason(
            code=code,
            words=fields.words(given["words"], f"{where}.words"),
            text=fields.words(given["text"], f"{where}.text") if "text" in given else {"en": "", "es": ""},
            follow_up_days=None if days is None else fields.whole(days, f"{where}.follow_up_days"),
        )
    return reasons
