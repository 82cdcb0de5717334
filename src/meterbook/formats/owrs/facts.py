"""What a scenario states, as the facts a bill of the class is priced from; what is missing or wrong is one sentence."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from meterbook.formats.contract import shortened
from meterbook.formats.owrs.classes.formulas import number
from meterbook.formats.owrs.classes.keys import canonical
from meterbook.formats.owrs.classes.scope import is_usage
from meterbook.formats.owrs.classes.values import Asked
from meterbook.formats.owrs.native import Converted

_LARGEST = Decimal(10**9)
_DECIMALS = 6
_SHOWN = 12


class BadScenario(ValueError):
    """A scenario cannot be priced; the message is one sentence."""


def facts_of(name: str, converted: Converted, row: Mapping[str, str]) -> dict[str, Decimal | str]:
    """The facts of one scenario of the class ``name``: ``row`` holds texts by input, blank where not given.

    Numbers are from 0 to a thousand million with at most six decimals. Keys may be spelled in any way that means the
    same. Raises `BadScenario`.
    """
    for cell in converted.unreadable:
        if all(canonical(_given(row, field)) == key for field, key in cell.at):
            raise BadScenario(f"{name}: {cell.sentence}")
    found: dict[str, Decimal | str] = {}
    for one in converted.asked:
        text = _given(row, one.owrs)
        if not text:
            if one.native in converted.always:
                raise needs(name, one.owrs)
            continue
        found[one.native] = _key(name, converted, one, text) if one.kind == "key" else quantity(one.owrs, text)
    return found


def _given(row: Mapping[str, str], field: str) -> str:
    """What a row states of an input; a usage named with its unit is the usage of the row."""
    own = (row.get(field) or "").strip()
    return own if own or not is_usage(field) else (row.get("usage") or "").strip()


def needs(name: str, field: str) -> BadScenario:
    """What to say of an input that is needed and not given."""
    return BadScenario(f"{name} needs {field}, which is not given")


def quantity(name: str, text: str) -> Decimal:
    """A number of a scenario; raises `BadScenario`.

    >>> quantity("usage", "60.50")
    Decimal('60.5')
    """
    value = number(text)
    if value is None:
        raise BadScenario(f"{name} is {shortened(text, 40)!r}, expected a number")
    if value < 0:
        raise BadScenario(f"{name} is {text}, expected no negative number")
    if value > _LARGEST:
        raise BadScenario(f"{name} is {shortened(text, 40)}, expected at most {_LARGEST}")
    value = value.normalize()
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > _DECIMALS:
        raise BadScenario(f"{name} is {shortened(text, 40)}, expected at most {_DECIMALS} decimals")
    return value if isinstance(exponent, int) and exponent <= 0 else value.quantize(Decimal(1))


def _key(name: str, converted: Converted, one: Asked, text: str) -> str:
    known = converted.spelled.get(one.owrs, {})
    spelled = known.get(f"={text}", known.get(canonical(text)))
    if spelled is not None or one.owrs in converted.compared:
        return spelled or text
    keys = list(dict.fromkeys(known.values()))
    shown = ", ".join(keys[:_SHOWN]) + (" and others" if len(keys) > _SHOWN else "")
    raise BadScenario(f"{name} has no price for {one.owrs} = {shortened(text, 40)}; it has {shown}")
