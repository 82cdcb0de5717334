"""Which channel of which meter a block of intervals belongs to, and by what its values are multiplied."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from meterbook.records.metering.models import Installation, IntervalChannel, Meter, Register

DELIVERED, RECEIVED, REACTIVE = "delivered", "received", "reactive"
#: What files call a channel, and the channel meant.
WORDS = {
    "1": DELIVERED, "D": DELIVERED, "delivered": DELIVERED, "2": RECEIVED, "R": RECEIVED, "received": RECEIVED,
    "Q": REACTIVE, "reactive": REACTIVE,
}  # fmt: skip
#: Units an amount of intervals may be in, by commodity and channel.
UNITS = {
    ("electricity", DELIVERED): ("kWh",), ("electricity", RECEIVED): ("kWh",), ("electricity", REACTIVE): ("kVARh",),
    ("water", DELIVERED): ("ccf", "kgal", "gal", "cf", "m3"),
}  # fmt: skip
#: Registers a channel's flow is counted by, the first there is.
_COUNTED_BY = {
    DELIVERED: (Register.DELIVERED, Register.HIGH_FLOW), RECEIVED: (Register.RECEIVED,),
    REACTIVE: (Register.DELIVERED,),
}  # fmt: skip


@dataclass(slots=True)
class Known:
    """A meter on record with what its intervals are judged by."""

    meter: int
    commodity: str
    registers: dict[str, tuple[int, Decimal]] = field(default_factory=dict)
    channels: dict[str, IntervalChannel] = field(default_factory=dict)
    hung: list[tuple[date, date | None]] = field(default_factory=list)

    def hangs_on(self, day: date) -> bool:
        """Whether it hangs somewhere on a local day; on the day it is taken down it still counts."""
        return any(since <= day and (until is None or day <= until) for since, until in self.hung)

    def register_of(self, channel: str) -> tuple[int, Decimal] | None:
        """The register that counts a channel's flow, with its multiplier."""
        return next((self.registers[name] for name in _COUNTED_BY[channel] if name in self.registers), None)


def channel_meant(word: str, unit: str) -> str | None:
    """The channel a word of a file means; the only flow of a meter is told by its unit.

    >>> channel_meant("", "kWh"), channel_meant("", "kVARh"), channel_meant("R", "kWh"), channel_meant("X", "kWh")
    ('delivered', 'reactive', 'received', None)
    """
    if not word:
        return REACTIVE if unit == "kVARh" else DELIVERED
    return WORDS.get(word)


def meters_known(serials: Iterable[str]) -> dict[str, Known]:
    """The meters of these serials that are on record."""
    wanted = sorted(set(serials))
    found = {
        serial: Known(key, commodity)
        for serial, key, commodity in Meter.objects.filter(serial__in=wanted).values_list("serial", "id", "commodity")
    }
    by_key = {known.meter: known for known in found.values()}
    for row in Register.objects.filter(meter_id__in=by_key).values_list("meter_id", "channel", "id", "multiplier"):
        by_key[row[0]].registers[row[1]] = (row[2], row[3])
    for channel in IntervalChannel.objects.filter(meter_id__in=by_key):
        by_key[channel.meter_id].channels[channel.name] = channel
    for meter, days in Installation.objects.filter(meter_id__in=by_key).values_list("meter_id", "validity"):
        by_key[meter].hung.append((days.lower, days.upper))
    return found
