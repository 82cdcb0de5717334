"""The policy ``back-billing``: causes of corrections, how far back each may reach, who may decide what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

#: What the customer was billed: too little (a back-bill would charge more) or too much (a refund).
UNDER, OVER = "under", "over"
PERIOD, NET = "period", "net"
#: A period that is only partly within the limit: corrected whole, or left as it stands.
TAKE, LEAVE = "take", "leave"
USUAL, BACK_BILLED_DAYS = "usual", "back_billed_days"
_KEYS = ("policy", "citation", "effective", "causes", "limits", "direction", "straddling", "time_to_pay", "authority")
_LIMIT_KEYS = {"direction", "months", "window", "citation", "classes", "causes"}
_MOST_MONTHS = 600


class WrongBackBilling(ValueError):
    """The policy document cannot be read; the message names the entry and the key."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Why bills are corrected: its code and its name in each language."""

    code: str
    title: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Limit:
    """How many months before discovery bills are corrected; ``months`` None: without end.

    ``window`` months, if stated, reach back from the end of the last wrong period, and the later of both days counts.
    It holds for a direction, and for the ``classes`` and ``causes`` it names, or all if it names none.
    """

    direction: str
    months: int | None
    citation: str
    classes: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()
    window: int | None = None

    def holds_for(self, direction: str, premise_class: str, cause: str) -> bool:
        """Whether a difference of this direction, class and cause falls under it."""
        return (
            self.direction == direction
            and (not self.classes or premise_class in self.classes)
            and (not self.causes or cause in self.causes)
        )


@dataclass(frozen=True, slots=True)
class BackBilling:
    """What the city decided; of the ``limits`` the first that holds counts, and without one nothing is limited.

    ``authority`` is the most a role may approve in cents, None: any amount; roles not named approve nothing.
    """

    causes: tuple[Cause, ...]
    limits: tuple[Limit, ...]
    direction: str = PERIOD
    straddling: Mapping[str, str] | None = None
    time_to_pay: str = USUAL
    authority: Mapping[str, int | None] | None = None

    def limit_for(self, direction: str, premise_class: str, cause: str) -> Limit | None:
        """The first limit that holds, or none."""
        return next((each for each in self.limits if each.holds_for(direction, premise_class, cause)), None)

    def takes_straddling(self, direction: str) -> bool:
        """Whether a period partly within the limit is corrected; by default only in the customer's favour."""
        return (self.straddling or {}).get(direction, TAKE if direction == OVER else LEAVE) == TAKE

    def cause(self, code: str) -> Cause | None:
        """A cause by its code, or none."""
        return next((each for each in self.causes if each.code == code), None)

    def may_approve(self, roles: Sequence[str], cents: int) -> bool:
        """Whether somebody with these roles may approve a correction of this many cents."""
        if self.authority is None:
            return True
        found = [self.authority[role] for role in roles if role in self.authority]
        return any(most is None or cents <= most for most in found)


def parse_back_billing(found: Mapping[str, Any]) -> BackBilling:
    """Read the document; raises `WrongBackBilling`.

    >>> parse_back_billing({"causes": [{"code": "misread", "title": {"en": "Misread", "es": "Mala lectura"}}],
    ...     "limits": [{"direction": "under", "months": 3, "citation": "Code 1"}]}).limits[0].months
    3
    """
    if strange := sorted(set(found) - set(_KEYS)):
        raise WrongBackBilling(f"{strange[0]}: expected one of {', '.join(_KEYS)}")
    causes = tuple(_cause(entry, f"causes[{at}]") for at, entry in enumerate(_list(found, "causes")))
    codes = [cause.code for cause in causes]
    if len(codes) != len(set(codes)) or not codes:
        raise WrongBackBilling(f"causes: found {codes}, expected at least one, each once")
    limits = tuple(_limit(entry, f"limits[{at}]", codes) for at, entry in enumerate(_list(found, "limits")))
    straddling = found.get("straddling", {})
    if not isinstance(straddling, Mapping) or not set(straddling) <= {UNDER, OVER}:
        raise WrongBackBilling(f"straddling: found {straddling!r}, expected under and over")
    return BackBilling(
        causes=causes,
        limits=limits,
        direction=_one_of(found.get("direction", PERIOD), (PERIOD, NET), "direction"),
        straddling={name: _one_of(value, (TAKE, LEAVE), f"straddling.{name}") for name, value in straddling.items()},
        time_to_pay=_one_of(found.get("time_to_pay", USUAL), (USUAL, BACK_BILLED_DAYS), "time_to_pay"),
        authority=_authority(found.get("authority")),
    )


def _list(found: Mapping[str, Any], key: str) -> list[Any]:
    entries = found.get(key, [])
    if not isinstance(entries, list):
        raise WrongBackBilling(f"{key}: found {entries!r}, expected a list")
    return entries


def _cause(entry: Any, where: str) -> Cause:
    code = entry.get("code") if isinstance(entry, dict) else None
    title = entry.get("title") if isinstance(entry, dict) else None
    if not isinstance(code, str) or not code.replace("_", "").isalnum() or len(code) > 40:
        raise WrongBackBilling(f"{where}.code: found {code!r}, expected a word")
    if not isinstance(title, dict) or not all(isinstance(title.get(each), str) for each in ("en", "es")):
        raise WrongBackBilling(f"{where}.title: found {title!r}, expected texts en and es")
    return Cause(code, title)


def _limit(entry: Any, where: str, codes: Sequence[str]) -> Limit:
    if not isinstance(entry, dict) or set(entry) - _LIMIT_KEYS:
        raise WrongBackBilling(f"{where}: found {entry!r}, expected {', '.join(sorted(_LIMIT_KEYS))}")
    months = _months(entry.get("months", "nothing"), f"{where}.months")
    window = _months(entry.get("window"), f"{where}.window")
    citation = entry.get("citation")
    if not isinstance(citation, str) or not citation.strip():
        raise WrongBackBilling(f"{where}.citation: a limit cites the rule it comes from")
    causes, classes = _words(entry, "causes", where), _words(entry, "classes", where)
    if unknown := sorted(set(causes) - set(codes)):
        raise WrongBackBilling(f"{where}.causes: {unknown[0]} is no cause of this policy")
    direction = _one_of(entry.get("direction"), (UNDER, OVER), f"{where}.direction")
    return Limit(direction, months, citation.strip(), classes, causes, window)


def _months(months: Any, where: str) -> int | None:
    if months is None:
        return None
    if isinstance(months, bool) or not isinstance(months, int) or not 1 <= months <= _MOST_MONTHS:
        raise WrongBackBilling(f"{where}: found {months!r}, expected months from 1 to {_MOST_MONTHS}, or null")
    return months


def _words(entry: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
    words = entry.get(key, [])
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise WrongBackBilling(f"{where}.{key}: found {words!r}, expected a list of words")
    return tuple(words)


def _one_of(value: Any, choices: tuple[str, ...], where: str) -> str:
    if value not in choices:
        raise WrongBackBilling(f"{where}: found {value!r}, expected {' or '.join(choices)}")
    return str(value)


def _authority(found: Any) -> dict[str, int | None] | None:
    if found is None:
        return None
    if not isinstance(found, dict):
        raise WrongBackBilling(f"authority: found {found!r}, expected amounts by role")
    return {str(role): _cents(amount, f"authority.{role}") for role, amount in found.items()}


def _cents(amount: Any, where: str) -> int | None:
    if amount is None:
        return None
    try:
        cents = Decimal(amount) * 100 if isinstance(amount, str) else Decimal(-1)
    except InvalidOperation:
        cents = Decimal(-1)
    if cents < 0 or cents != int(cents):
        raise WrongBackBilling(f"{where}: found {amount!r}, expected dollars and cents in quotes, or null")
    return int(cents)
