"""Fields of registers: what they can be, and a value checked against its field."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from meterbook.engine.trace import N_, Step
from meterbook.records.registers.refusals import RegisterRefused

TYPES = ("text", "long_text", "number", "money", "date", "choice", "yes_no", "phone", "email", "link")
LONGEST = {"text": 200, "long_text": 4000, "phone": 40, "email": 160, "link": 300}
_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_RESERVED = {"title", "remind_on", "remind", "version", "words", "id", "values", "remind_name"}
MOST_FIELDS = 20


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its code, its words, what it takes, whether it must be there, what may be chosen."""

    code: str
    en: str
    es: str
    type: str
    required: bool = False
    choices: tuple[str, ...] = field(default_factory=tuple)

    def kept(self) -> dict[str, Any]:
        """The field as a register keeps it."""
        return {"code": self.code, "en": self.en, "es": self.es, "type": self.type, "required": self.required,
                "choices": list(self.choices)}  # fmt: skip


def fields_of(found: Sequence[Mapping[str, Any]]) -> list[Field]:
    """Fields as a register keeps them, checked. Raises `RegisterRefused`."""
    made = [
        Field(str(row["code"]), str(row["en"]).strip(), str(row["es"]).strip(), str(row["type"]),
              bool(row.get("required")), tuple(str(one) for one in row.get("choices") or ()))
        for row in found
    ]  # fmt: skip
    codes = [one.code for one in made]
    if len(made) > MOST_FIELDS or len(set(codes)) != len(codes):
        raise RegisterRefused(Step(N_("At most {most} fields, each code once."), {"most": MOST_FIELDS}))
    for one in made:
        if (
            not _CODE.fullmatch(one.code)
            or "__" in one.code
            or one.code in _RESERVED
            or one.type not in TYPES
            or not (one.en and one.es)
        ):
            raise RegisterRefused(
                Step(N_("Field {code}: a code of small letters, words in both languages, and one of the types."),
                     {"code": one.code[:40]})
            )  # fmt: skip
        if (one.type == "choice") != bool(one.choices):
            raise RegisterRefused(Step(N_("Field {code}: choices for a choice, none for others."), {"code": one.code}))
    return made


def checked(fields: Sequence[Field], given: Mapping[str, Any]) -> dict[str, Any]:
    """Values as an entry keeps them, by field. Raises `RegisterRefused` at the first that does not fit."""
    unknown = set(given) - {one.code for one in fields}
    if unknown:
        raise RegisterRefused(Step(N_("This register has no field {code}."), {"code": min(unknown)[:40]}))
    return {one.code: value for one in fields if (value := _value(one, given.get(one.code))) is not None}


def _value(one: Field, found: Any) -> Any:
    text = "" if found is None else str(found).strip()
    if one.type == "yes_no":
        return found in (True, "yes", "true", "on", "1")
    if not text:
        if one.required:
            raise RegisterRefused(Step(N_("{field} is needed."), {"field": one.en}))
        return None
    try:
        kept = _KEPT[one.type](one, text)
    except (ValueError, ArithmeticError):
        kept = None
    if kept is None or "\0" in text:
        raise RegisterRefused(
            Step(N_("{field}: “{found}” does not fit."), {"field": one.en, "found": text.replace("\0", "")[:40]})
        )
    return kept


def _number(_one: Field, text: str) -> int | str | None:
    value = Decimal(text.replace(",", ""))
    if not value.is_finite() or abs(value) >= 10**12:
        return None
    return int(value) if value == value.to_integral_value() else f"{value.normalize():f}"


def _cents(_one: Field, text: str) -> int | None:
    value = Decimal(text.replace(",", "").removeprefix("$"))
    cents = value.scaleb(2)
    return int(cents) if value.is_finite() and cents == cents.to_integral_value() and abs(cents) < 10**12 else None


def _short(one: Field, text: str) -> str | None:
    return text if len(text) <= LONGEST[one.type] else None


_KEPT: Mapping[str, Callable[[Field, str], Any]] = {
    "text": _short,
    "long_text": _short,
    "phone": _short,
    "email": lambda one, text: _short(one, text) if _EMAIL.fullmatch(text) else None,
    "link": lambda one, text: _short(one, text) if text.startswith(("https://", "http://")) else None,
    "number": _number,
    "money": _cents,
    "date": lambda _one, text: date.fromisoformat(text).isoformat(),
    "choice": lambda one, text: text if text in one.choices else None,
}
