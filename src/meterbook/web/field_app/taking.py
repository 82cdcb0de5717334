"""What a phone sent, read with suspicion: an outcome, or a refusal that names the field."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import HttpRequest

from meterbook.records.service_orders.outcome import (
    Face,
    Finding,
    MeterPutUp,
    MeterRead,
    Outcome,
    Part,
    Photo,
)
from meterbook.records.service_orders.phone.refusals import NoOutcome

MOST_PHOTOS, LARGEST_PHOTO, LONGEST_JSON = 12, 10 * 2**20, 200_000
_KEY = re.compile(r"[0-9a-zA-Z-]{8,64}", re.ASCII)
_CHANNELS = ("delivered", "received", "high_flow", "low_flow")


class Sent:
    """The JSON of one outcome; every getter refuses what is not what it says. Raises `NoOutcome`."""

    def __init__(self, found: Any, where: str = "") -> None:
        if not isinstance(found, dict):
            raise NoOutcome(field=where or "outcome", found=_short(found), expected="an object")
        self._found, self._where = found, where

    def text(self, name: str, most: int) -> str:
        """Words of at most so many characters; nothing is an empty text."""
        value = self._found.get(name, "")
        if not isinstance(value, str) or len(value) > most or "\0" in value:
            raise self._no(name, f"text of at most {most} characters")
        return value.strip()

    def whole(self, name: str, least: int, most: int) -> int:
        """A whole number within limits, also where it comes as digits."""
        value = self._found.get(name)
        if isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}", value.strip(), re.ASCII):
            value = int(value)
        if type(value) is not int or not least <= value <= most:
            raise self._no(name, f"a whole number from {least} to {most}")
        return value

    def number(self, name: str) -> Decimal:
        """Digits with a point, nothing else."""
        value = str(self._found.get(name, "")).strip()
        if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,6})?", value, re.ASCII):
            raise self._no(name, "digits, with a point where needed")
        try:
            return Decimal(value)
        except InvalidOperation as error:
            raise self._no(name, "digits") from error

    def moment(self, name: str) -> datetime:
        """A moment with its offset, as the phone's clock had it."""
        try:
            value = datetime.fromisoformat(str(self._found.get(name)))
        except ValueError as error:
            raise self._no(name, "a moment like 2026-09-08T10:12:00Z") from error
        if value.tzinfo is None or not 2000 <= value.year < 2100:
            raise self._no(name, "a moment like 2026-09-08T10:12:00Z")
        return value

    def day(self, name: str) -> date:
        """A day."""
        try:
            value = date.fromisoformat(str(self._found.get(name)))
        except ValueError as error:
            raise self._no(name, "a day like 2026-09-08") from error
        if not 2000 <= value.year < 2100:
            raise self._no(name, "a day of this century")
        return value

    def texts(self, name: str, most: int = 20, longest: int = 60) -> tuple[str, ...]:
        """A list of short texts."""
        value = self._found.get(name) or []
        fine = isinstance(value, list) and len(value) <= most
        if not fine or not all(isinstance(each, str) and len(each) <= longest and "\0" not in each for each in value):
            raise self._no(name, f"at most {most} texts")
        return tuple(each.strip() for each in value if each.strip())

    def several(self, name: str, most: int, make: Callable[[Sent], Any]) -> tuple[Any, ...]:
        """A list of objects, each made into a value."""
        value = self._found.get(name) or []
        if not isinstance(value, list) or len(value) > most:
            raise self._no(name, f"at most {most} entries")
        return tuple(make(Sent(each, f"{name}[{at}]")) for at, each in enumerate(value))

    def inner(self, name: str) -> Sent | None:
        """An object inside, or nothing."""
        value = self._found.get(name)
        return None if value is None else Sent(value, name)

    def pairs(self, name: str, most: int = 60) -> dict[str, str]:
        """Texts by name."""
        value = self._found.get(name) or {}
        if not isinstance(value, dict) or len(value) > most:
            raise self._no(name, f"at most {most} answers")
        inside = Sent(value, name)
        return {str(key)[:40]: said for key in value if (said := inside.text(key, 200))}

    def _no(self, name: str, expected: str) -> NoOutcome:
        field = ".".join(filter(None, (self._where, name)))
        return NoOutcome(field=field[:80], found=_short(self._found.get(name)), expected=expected)


def sent_json(request: HttpRequest) -> Sent:
    """The outcome's JSON out of a posted form. Raises `NoOutcome`."""
    text = request.POST.get("outcome", "")
    if not text or len(text) > LONGEST_JSON:
        raise NoOutcome(field="outcome", found=_short(text), expected="an outcome as JSON")
    try:
        return Sent(json.loads(text))
    except (ValueError, RecursionError) as error:
        raise NoOutcome(field="outcome", found=_short(text), expected="an outcome as JSON") from error


def outcome_of(request: HttpRequest, sent: Sent) -> Outcome:
    """The outcome a phone sent, with its pictures. Raises `NoOutcome`."""
    key = sent.text("key", 64)
    if not _KEY.fullmatch(key):
        raise NoOutcome(field="key", found=_short(key), expected="8 to 64 letters, digits and hyphens")
    done_at = sent.moment("at")
    return Outcome(
        key=key, version=sent.whole("version", 1, 10**6), done_at=done_at, done_on=sent.day("on"),
        code=sent.text("code", 20), danger=sent.text("danger", 20), serial=sent.text("serial", 30),
        reads=sent.several("reads", 12, lambda each: MeterRead(
            each.text("serial", 30), _channel(each), each.number("value"), done_at)),
        put_up=_put_up(sent.inner("put_up")), answers=sent.pairs("answers"),
        findings=tuple(Finding(code) for code in sent.texts("findings", longest=40)),
        parts=sent.several("parts", 40, lambda each: Part(each.text("code", 40), each.whole("quantity", 1, 9999))),
        seals_on=sent.texts("seals_on"), seals_off=sent.texts("seals_off"),
        locks_on=sent.texts("locks_on"), locks_off=sent.texts("locks_off"),
        photos=tuple(Photo(content) for content in _files(request, "photo", MOST_PHOTOS)),
        signature=b"".join(_files(request, "signature", 1)),
        signer=sent.text("signer", 120) or sent.text("unsigned", 120),
        note=sent.text("note", 2000), confirmed=frozenset(sent.texts("confirmed", most=60, longest=80)),
    )  # fmt: skip


def _put_up(found: Sent | None) -> MeterPutUp | None:
    if found is None:
        return None
    serial = found.text("serial", 30)
    if not serial:
        raise NoOutcome(field="put_up.serial", found="", expected="the serial number of the meter")
    faces = found.several("faces", 8, lambda each: Face(
        _channel(each), each.whole("dials", 1, 12), each.number("multiplier")))  # fmt: skip
    return MeterPutUp(serial, faces=faces)


def _channel(sent: Sent) -> str:
    found = sent.text("channel", 12)
    if found not in _CHANNELS:
        raise NoOutcome(field="channel", found=_short(found), expected=", ".join(_CHANNELS))
    return found


def _files(request: HttpRequest, name: str, most: int) -> list[bytes]:
    files = request.FILES.getlist(name)
    if len(files) > most or any((each.size or 0) > LARGEST_PHOTO for each in files):
        raise NoOutcome(field=name, found=str(len(files)), expected=f"at most {most} pictures of at most 10 MB")
    return [each.read() for each in files]


def _short(value: Any) -> str:
    text = "" if value is None else str(value).replace("\0", "")
    return text if len(text) <= 60 else text[:59] + "…"
