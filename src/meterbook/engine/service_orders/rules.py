"""The policy ``service-orders``: how long each kind takes, by when, what is asked there, what may be answered.

>>> rules = parse_service_orders({
...     "hours": {"minutes": 450, "weekdays": [0, 1, 2, 3, 4]}, "plausible": {"times": 3, "units": 20},
...     "kinds": {"off": {"minutes": 20, "days": 2, "checklist": ["valve"]}},
...     "checklist": {"valve": {"answer": "yes_no", "en": "Valve shut?", "es": "¿Válvula cerrada?"}},
...     "no_access": {"dog": {"en": "Dog", "es": "Perro"}}, "danger": {}, "findings": {}, "parts": {},
... })
>>> rules.kind("off").minutes, rules.kind("off").checklist, rules.kind("cart").minutes
(20, ('valve',), 30)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

ANSWERS = ("yes_no", "text", "number")
REVIEWS = ("always", "exceptions")
READS = ("none", "asked", "needed")
_MOST_MINUTES, _MOST_DAYS = 1440, 365


class WrongOrderRules(ValueError):
    """The policy cannot be read; the message names the key, what was found and what is expected."""


@dataclass(frozen=True, slots=True)
class Said:
    """A code in both languages."""

    en: str
    es: str

    def words(self, language: str) -> str:
        """The words in a language."""
        return self.es if language.startswith("es") else self.en


@dataclass(frozen=True, slots=True)
class Item:
    """One question of a checklist."""

    answer: str
    words: Said
    needed: bool = True


@dataclass(frozen=True, slots=True)
class KindRules:
    """What one kind of order goes by.

    ``days`` until it is due, ``late_days`` after which it counts as old, ``review`` says whether the office looks at
    each, or only where something stood out.
    """

    minutes: int = 30
    days: int = 5
    late_days: int = 10
    approval: bool = False
    review: str = "exceptions"
    reads: str = "none"
    signature: bool = False
    photo: bool = False
    checklist: tuple[str, ...] = ()

    def due_on(self, opened: date, *, emergency: bool = False) -> date:
        """By when it is done: an emergency the same day."""
        return opened if emergency else opened + timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class FeeRule:
    """A fee of the catalogue a completed order costs; ``answer`` is the item that must say yes, if any."""

    kinds: tuple[str, ...]
    fee: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class OrderRules:
    """The whole policy. A kind it does not speak of goes by the defaults of `KindRules`."""

    kinds: Mapping[str, KindRules] = field(default_factory=dict)
    checklist: Mapping[str, Item] = field(default_factory=dict)
    no_access: Mapping[str, Said] = field(default_factory=dict)
    danger: Mapping[str, Said] = field(default_factory=dict)
    findings: Mapping[str, Said] = field(default_factory=dict)
    parts: Mapping[str, Said] = field(default_factory=dict)
    fees: tuple[FeeRule, ...] = ()
    crew_minutes: int = 450
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    plausible_times: int = 3
    plausible_units: int = 20

    def kind(self, kind: str) -> KindRules:
        """The rules of one kind."""
        return self.kinds.get(kind, KindRules())

    def items(self, kind: str) -> dict[str, Item]:
        """The checklist of a kind, in its order."""
        return {code: self.checklist[code] for code in self.kind(kind).checklist}


def parse_service_orders(found: Mapping[str, Any]) -> OrderRules:
    """Read the document; raises `WrongOrderRules`."""
    items = {code: _item(code, said) for code, said in _mapping(found, "checklist").items()}
    hours, plausible = _mapping(found, "hours"), _mapping(found, "plausible")
    days = hours.get("weekdays")
    if not isinstance(days, list) or any(type(day) is not int or not 0 <= day <= 6 for day in days):
        raise WrongOrderRules(f"hours.weekdays: found {days!r}, expected days from 0 (Monday) to 6")
    return OrderRules(
        kinds={code: _kind(code, rules, items) for code, rules in _mapping(found, "kinds").items()},
        checklist=items, no_access=_said(found, "no_access"), danger=_said(found, "danger"),
        findings=_said(found, "findings"), parts=_said(found, "parts"),
        fees=_fees(found.get("fees", []), items),
        crew_minutes=_whole(hours, "hours.minutes", 1, _MOST_MINUTES), weekdays=tuple(days),
        plausible_times=_whole(plausible, "plausible.times", 1, 100),
        plausible_units=_whole(plausible, "plausible.units", 0, 1_000_000),
    )  # fmt: skip


def _kind(code: str, found: Any, items: Mapping[str, Item]) -> KindRules:
    if not isinstance(found, dict):
        raise WrongOrderRules(f"kinds.{code}: found {found!r}, expected its rules")
    unknown = set(found) - set(KindRules.__dataclass_fields__)
    if unknown:
        raise WrongOrderRules(f"kinds.{code}: found {', '.join(sorted(unknown))}, expected keys of a kind")
    checklist = found.get("checklist", [])
    for item in checklist:
        if item not in items:
            raise WrongOrderRules(f"kinds.{code}.checklist: found {item!r}, expected an item of the checklist")
    for key, allowed in (("review", REVIEWS), ("reads", READS)):
        if key in found and found[key] not in allowed:
            raise WrongOrderRules(f"kinds.{code}.{key}: found {found[key]!r}, expected one of {', '.join(allowed)}")
    for key in ("approval", "signature", "photo"):
        if not isinstance(found.get(key, False), bool):
            raise WrongOrderRules(f"kinds.{code}.{key}: found {found[key]!r}, expected true or false")
    default = KindRules()
    return KindRules(
        minutes=_whole({"minutes": default.minutes, **found}, f"kinds.{code}.minutes", 1, _MOST_MINUTES),
        days=_whole({"days": default.days, **found}, f"kinds.{code}.days", 0, _MOST_DAYS),
        late_days=_whole({"late_days": default.late_days, **found}, f"kinds.{code}.late_days", 0, _MOST_DAYS),
        approval=found.get("approval", False), review=found.get("review", default.review),
        reads=found.get("reads", default.reads), signature=found.get("signature", False),
        photo=found.get("photo", False), checklist=tuple(checklist),
    )  # fmt: skip


def _fees(found: Any, items: Mapping[str, Item]) -> tuple[FeeRule, ...]:
    made = []
    for at, rule in enumerate(found if isinstance(found, list) else [found]):
        known = isinstance(rule, dict) and set(rule) <= {"kinds", "fee", "answer"}
        if not known or not rule.get("kinds") or not rule.get("fee"):
            raise WrongOrderRules(f"fees[{at}]: found {rule!r}, expected kinds, fee and perhaps answer")
        answer = rule.get("answer", "")
        if answer and answer not in items:
            raise WrongOrderRules(f"fees[{at}].answer: found {answer!r}, expected an item of the checklist")
        made.append(FeeRule(tuple(rule["kinds"]), str(rule["fee"]), answer))
    return tuple(made)


def _item(code: str, found: Any) -> Item:
    if not isinstance(found, dict) or found.get("answer") not in ANSWERS:
        raise WrongOrderRules(
            f"checklist.{code}: found {found!r}, expected answer (one of {', '.join(ANSWERS)}), en, es"
        )
    needed = found.get("needed", True)
    if not isinstance(needed, bool):
        raise WrongOrderRules(f"checklist.{code}.needed: found {needed!r}, expected true or false")
    return Item(found["answer"], _both(f"checklist.{code}", found), needed)


def _said(found: Mapping[str, Any], key: str) -> dict[str, Said]:
    return {code: _both(f"{key}.{code}", words) for code, words in _mapping(found, key).items()}


def _both(key: str, found: Any) -> Said:
    words = found if isinstance(found, dict) else {}
    if not all(isinstance(words.get(language), str) and words[language].strip() for language in ("en", "es")):
        raise WrongOrderRules(f"{key}: found {found!r}, expected words in en and es")
    return Said(words["en"], words["es"])


def _mapping(found: Mapping[str, Any], key: str) -> dict[str, Any]:
    value = found.get(key)
    if not isinstance(value, dict):
        raise WrongOrderRules(f"{key}: found {value!r}, expected a mapping")
    return value


def _whole(found: Mapping[str, Any], key: str, least: int, most: int) -> int:
    value = found.get(key.rpartition(".")[2])
    if type(value) is not int or not least <= value <= most:
        raise WrongOrderRules(f"{key}: found {value!r}, expected a whole number from {least} to {most}")
    return value
