"""Reading a `bill-register` policy: which tests run, with which thresholds, and what each does to a bill."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from meterbook.engine.money import exact_cents
from meterbook.engine.quantity import scaled

Effect = Literal["show", "hold"]
_HEAD = ("policy", "citation", "effective", "tests")
#: What each test may say beside its effect, with the kind of each number.
PARAMETERS: dict[str, dict[str, str]] = {
    "amount": {"up": "factor", "down": "factor", "least": "dollars"},
    "usage": {"up": "factor", "down": "factor", "least": "by_commodity"},
    "days": {"shortest": "count", "longest": "count"},
    "zero_usage": {},
    "zero_bill": {},
    "negative": {},
    "first_bill": {},
    "estimated": {},
    "credit_balance": {"least": "dollars"},
    "level_pay_settle": {},
    "cap": {"caps": "caps"},
    "missing_service": {},
    "peers": {"low": "factor", "high": "factor", "least_points": "count", "days": "count"},
}
#: Tests that need what is due in all, which is known only once a bill is stored: they never hold.
ONLY_SHOWN = frozenset({"credit_balance", "level_pay_settle"})
#: A factor in thousandths.
FACTOR = 1000


class WrongRegister(ValueError):
    """The policy cannot be read; the message names the path, what was found and what was expected."""


@dataclass(frozen=True, slots=True)
class Cap:
    """The most a point can owe for 30 days; of any class and size where they are empty."""

    commodity: str
    classes: tuple[str, ...]
    sizes: tuple[str, ...]
    cents: int


@dataclass(frozen=True, slots=True)
class Setting:
    """One test that runs: what it does, and its numbers (cents, thousandths, millionths, days)."""

    test: str
    effect: Effect
    numbers: Mapping[str, int]
    least: Mapping[str, int]
    caps: tuple[Cap, ...]


@dataclass(frozen=True, slots=True)
class Register:
    """The tests in force, in the order they are looked at."""

    settings: tuple[Setting, ...]

    def of(self, test: str) -> Setting | None:
        """The setting of a test, or nothing where it does not run."""
        return next((one for one in self.settings if one.test == test), None)

    @property
    def blocks(self) -> bool:
        """Whether any test holds bills."""
        return any(one.effect == "hold" for one in self.settings)


def parse_register(document: Mapping[str, Any]) -> Register:
    """A policy document, as read from its YAML; raises `WrongRegister`.

    >>> parse_register({"tests": {"zero_bill": {"effect": "show"}}}).settings[0].effect
    'show'
    """
    _known(document, _HEAD, "")
    tests = document.get("tests")
    if not isinstance(tests, Mapping) or not tests:
        raise WrongRegister(f"tests: found {tests!r}, expected a mapping of tests")
    _known(tests, tuple(PARAMETERS), "tests.")
    return Register(tuple(_setting(name, tests[name]) for name in PARAMETERS if name in tests))


def _known(found: Mapping[str, Any], names: tuple[str, ...], where: str) -> None:
    strange = sorted(str(name) for name in set(found) - set(names))
    if strange:
        raise WrongRegister(f"{where}{strange[0]}: expected one of {', '.join(names)}")


def _setting(test: str, found: Any) -> Setting:
    where = f"tests.{test}"
    if not isinstance(found, Mapping):
        raise WrongRegister(f"{where}: found {found!r}, expected a mapping")
    parameters = PARAMETERS[test]
    _known(found, ("effect", *parameters), f"{where}.")
    effect = found.get("effect")
    if effect not in ("show", "hold"):
        raise WrongRegister(f"{where}.effect: found {effect!r}, expected show or hold")
    if effect == "hold" and test in ONLY_SHOWN:
        raise WrongRegister(f"{where}.effect: {test} can only show: it is known after a bill is stored")
    numbers: dict[str, int] = {}
    least: dict[str, int] = {}
    caps: tuple[Cap, ...] = ()
    for name, kind in parameters.items():
        value, place = found.get(name), f"{where}.{name}"
        if kind == "caps":
            caps = _caps(value, place)
        elif kind == "by_commodity":
            least = _by_commodity(value, place)
        else:
            numbers[name] = _number(kind, value, place)
    return Setting(test, "hold" if effect == "hold" else "show", numbers, least, caps)


def _number(kind: str, value: Any, where: str) -> int:
    if kind == "count":
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 10_000:
            raise WrongRegister(f"{where}: found {value!r}, expected a whole number up to 10000")
        return value
    number = _decimal(value, where)
    try:
        return exact_cents(number) if kind == "dollars" else _thousandths(number)
    except ValueError as error:
        raise WrongRegister(f"{where}: {error}") from error


def _thousandths(number: Decimal) -> int:
    if number * FACTOR != int(number * FACTOR):
        raise ValueError(f"found {number}, expected three decimals at most")
    return int(number * FACTOR)


def _decimal(value: Any, where: str) -> Decimal:
    try:
        number = Decimal(value) if isinstance(value, str) else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or not 0 <= number < 10**9:
        raise WrongRegister(f"{where}: found {value!r}, expected a number in quotes, not negative")
    return number


def _by_commodity(value: Any, where: str) -> dict[str, int]:
    if not isinstance(value, Mapping):
        raise WrongRegister(f"{where}: found {value!r}, expected quantities by service")
    return {str(name): scaled(_decimal(number, f"{where}.{name}")) for name, number in value.items()}


def _caps(value: Any, where: str) -> tuple[Cap, ...]:
    if not isinstance(value, list) or not value:
        raise WrongRegister(f"{where}: found {value!r}, expected a list of caps")
    found = []
    for at, entry in enumerate(value):
        place = f"{where}[{at}]"
        if not isinstance(entry, Mapping) or not isinstance(entry.get("commodity"), str):
            raise WrongRegister(f"{place}: found {entry!r}, expected commodity, most, and classes or sizes")
        _known(entry, ("commodity", "classes", "sizes", "most"), f"{place}.")
        for name in ("classes", "sizes"):
            listed = entry.get(name, [])
            if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
                raise WrongRegister(f"{place}.{name}: found {listed!r}, expected a list of words")
        most = _number("dollars", entry.get("most"), f"{place}.most")
        found.append(Cap(entry["commodity"], tuple(entry.get("classes", [])), tuple(entry.get("sizes", [])), most))
    return tuple(found)
