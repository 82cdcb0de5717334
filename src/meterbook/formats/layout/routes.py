"""A route as a handheld downloads it: its stops in the order they are walked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from meterbook.formats.contract import WrongFormat
from meterbook.formats.layout.cells import Value
from meterbook.formats.layout.composing import compose
from meterbook.formats.layout.cutting import cut
from meterbook.formats.layout.shape import STOP_FIELDS, Layout
from meterbook.formats.layout.tree import rows

_COUNTS = ("sequence", "dials", "decimals")


@dataclass(frozen=True, slots=True)
class RouteStop:
    """One register to be read: where it is, what it showed, what is plausible. A layout carries what it has fields for.

    `previous_value`, `low` and `high` are the register as displayed, in `unit`; `low` to `high` is the range the
    handheld accepts without asking. `instruction` is for the reader (dog, gate), `note` about the premise.
    """

    meter_serial: str
    route: str
    sequence: int | None = None
    register: str = ""
    dials: int | None = None
    decimals: int | None = None
    unit: str = ""
    multiplier: Decimal | None = None
    previous_on: dt.date | None = None
    previous_value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    utility: str = ""
    created_on: dt.date | None = None
    created_at: dt.time | None = None
    cycle: str = ""
    reader: str = ""
    read_due_on: dt.date | None = None
    account_number: str = ""
    customer_name: str = ""
    address: str = ""
    location: str = ""
    note: str = ""
    meter_size: str = ""
    commodity: str = ""
    endpoint: str = ""
    instruction: str = ""

    def values(self) -> dict[str, Value]:
        """By field name, as a layout asks for them."""
        found = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: Decimal(value) if isinstance(value, int) else value for name, value in found.items()}


def stop_of(values: Mapping[str, Value]) -> RouteStop:
    """A stop from values by field name; what is not there is left blank."""
    given: dict[str, Any] = {}
    for name, kind in STOP_FIELDS.items():
        value: Any = values.get(name)
        if value is not None:
            given[name] = int(value) if name in _COUNTS else value
        elif kind == "text":
            given[name] = ""
    return RouteStop(**given)


def write_route(layout: Layout, stops: Iterable[RouteStop]) -> bytes:
    """The download of `stops` in their order. Raises `ValueError` for a value its field cannot hold."""
    return compose(layout, _download(layout), (stop.values() for stop in stops))


def parse_route(layout: Layout, data: bytes) -> list[RouteStop]:
    """The stops of a download. It is a file of our own, so anything wrong in it refuses it (`WrongFormat`)."""
    section = _download(layout)
    stops = []
    roots = cut(layout, section, data)
    for root in roots:
        for node in root.all():
            for name, found, expected in node.faults:
                raise WrongFormat("a field that cannot be read", line=node.line, field=f"{node.record.name}.{name}",
                                  found=found, expected=expected)  # fmt: skip
    for node, values, faults in rows(section, roots):
        for name, found, expected in faults:
            raise WrongFormat("a field that contradicts", line=node.line, field=name, found=found, expected=expected)
        for name in ("meter_serial", "route"):
            if not values.get(name):
                raise WrongFormat("a stop without", line=node.line, field=name, found="", expected=f"a {name}")
        stops.append(stop_of(values))
    return stops


def _download(layout: Layout) -> Any:
    if layout.download is None:
        raise ValueError(f"layout {layout.name}: it has no download")
    return layout.download
