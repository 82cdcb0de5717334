"""The policy `caller-verification`: what a caller is asked, when that is enough, and who may be told what.

A question is answered by what somebody types while the caller speaks; it is compared with what is on record, and
neither is kept. Questions of kind ``seen`` are ticked: a document was looked at.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from meterbook.engine.billing.adjusting import fields

Outcome = Literal["verified", "refused", "unanswered"]
#: What a question can be about; how each is compared stands in `agrees`.
KINDS = ("name", "address", "phone_last_four", "identity_last_four", "last_payment", "account_number", "seen")
PARTS = ("holder", "co_holder", "owner", "third_party", "authorised", "other")
MAY = ("told", "service_status", "change", "notices")
_STREET_WORDS = {
    "street": "st", "avenue": "ave", "road": "rd", "lane": "ln", "drive": "dr", "court": "ct", "place": "pl",
    "boulevard": "blvd", "north": "n", "south": "s", "east": "e", "west": "w",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Question:
    """One question: the fact it is about, and its words."""

    code: str
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CallerRules:
    """How many right answers verify, how many wrong ones refuse, and how long each lasts."""

    questions: tuple[Question, ...]
    right_needed: int
    wrong_refuses: int
    refusals_lock: int
    holds_minutes: int
    sees_without: frozenset[str]
    unlocks: frozenset[str]
    may: Mapping[str, tuple[str, ...]]


def parse_caller(found: Mapping[str, Any]) -> CallerRules:
    """The policy's mapping as rules; raises `WrongSetting`."""
    questions: list[Question] = []
    for at, each in enumerate(fields.entries(found.get("questions"), "questions")):
        where = f"questions[{at}]"
        given = fields.entry(each, where, ("about", "words"))
        about = fields.one_of(given["about"], f"{where}.about", KINDS)
        if about in {one.code for one in questions}:
            raise fields.WrongSetting(f"{where}.about", about, "a question that stands once")
        questions.append(Question(about, fields.words(given["words"], f"{where}.words")))
    right = fields.whole(found.get("right_needed"), "right_needed", least=1)
    if right > len(questions):
        raise fields.WrongSetting("right_needed", right, f"at most {len(questions)}, the number of questions")
    parts = fields.entry(found.get("parts"), "parts", PARTS)
    return CallerRules(
        questions=tuple(questions),
        right_needed=right,
        wrong_refuses=fields.whole(found.get("wrong_refuses"), "wrong_refuses", least=1),
        refusals_lock=fields.whole(found.get("refusals_lock"), "refusals_lock", least=1),
        holds_minutes=fields.whole(found.get("holds_minutes"), "holds_minutes", least=1),
        sees_without=_roles(found, "sees_without"),
        unlocks=_roles(found, "unlocks"),
        may={part: tuple(fields.one_of(one, f"parts.{part}", MAY) for one in parts[part] or ()) for part in PARTS},
    )


def _roles(found: Mapping[str, Any], name: str) -> frozenset[str]:
    return frozenset(fields.code(role, name) for role in fields.entries(found.get(name), name))


def agrees(kind: str, given: str, on_record: Sequence[str]) -> bool | None:
    """Whether an answer is right; None where nothing was answered or nothing is on record to compare it with.

    >>> agrees("phone_last_four", "44 77", ["(555) 010-4477"]), agrees("name", "garcia ana", ["Ana García"])
    (True, True)
    >>> agrees("address", "12 elm street", ["12 Elm St"]), agrees("last_payment", "$80", ["80.00"])
    (True, True)
    >>> agrees("last_payment", "79", ["80.00"]), agrees("name", "", ["Ana García"])
    (False, None)
    >>> agrees("name", "林秀英", ["林秀英"]), agrees("name", "ellen", ["Ellen Vance"])
    (True, False)
    """
    said = _plain(given)
    known = [_plain(each) for each in on_record if _plain(each)]
    if not said or not known:
        return None
    return any(_same(kind, said, each) for each in known)


def _same(kind: str, said: str, known: str) -> bool:
    if kind in ("phone_last_four", "identity_last_four", "account_number"):
        digits = re.sub(r"[^0-9a-z]", "", said)
        wanted = re.sub(r"[^0-9a-z]", "", known)
        return digits == wanted or (kind != "account_number" and len(digits) == 4 and wanted.endswith(digits))
    if kind == "last_payment":
        return _cents(said) is not None and _cents(said) == _cents(known)
    if kind == "address":
        spoken, recorded = ([_STREET_WORDS.get(word, word) for word in each.split()] for each in (said, known))
        return spoken[: len(recorded)] == recorded or (len(spoken) > 1 and recorded[: len(spoken)] == spoken)
    if kind == "name":
        return (len(said.split()) > 1 and sorted(said.split()) == sorted(known.split())) or said == known
    return said == known


def _cents(text: str) -> int | None:
    """Dollars as spoken, in cents; nothing where it is no amount."""
    found = re.fullmatch(r"([0-9]{1,9})(?:[.]([0-9]{2}))?", re.sub(r"[$, ]", "", text))
    return int(found[1]) * 100 + int(found[2] or 0) if found else None


def _plain(text: str) -> str:
    """Small letters and digits of any script without accents, words apart by one blank; dots and $ of amounts stay."""
    letters = (one for one in unicodedata.normalize("NFKD", text).casefold() if not unicodedata.combining(one))
    return " ".join("".join(one if one.isalnum() or one in ".$" else " " for one in letters).split())


def decide(asked: Mapping[str, bool], rules: CallerRules) -> Outcome:
    """What the answers amount to. Enough right ones verify unless too many are wrong; otherwise a wrong one refuses.

    Nothing wrong and too little right is no attempt yet: the caller is asked on.
    """
    right, wrong = sum(asked.values()), sum(not each for each in asked.values())
    if right >= rules.right_needed and wrong < rules.wrong_refuses:
        return "verified"
    return "refused" if wrong else "unanswered"
