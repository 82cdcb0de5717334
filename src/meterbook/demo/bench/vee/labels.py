"""What a fault is: its kind, where it stands, what it does to the usage told, and when it matters.

None of this knows any rule. A register fault matters (is *material*) when the read cannot be true (it fell, or has more
digits than dials), or when it moves the period's usage by more than 35 % of what was truly used and by more than $25
at the city's prices: less nobody could tell from an ordinary month, or would call about.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

#: What a read does to the usage told. ``fell``: below the last one, by less than half of the dials; ``wrapped``: by
#: half or more, as if the register had passed 0 with three times the truth or more; ``beyond``: more digits than dials;
#: ``soared``: three times the truth or more; ``sank``: a third or less; ``mild``: in between; ``none``: no other value.
IMPOSSIBLE = ("fell", "wrapped", "beyond")
WRONG = (*IMPOSSIBLE, "soared")
_LEAST_TENTHS = 25_000  # $25 in tenths of a cent
#: Tenths of a cent a step of the register is worth: $4.10 a ccf, of which water registers show hundredths; $0.16 a kWh.
_WORTH = {"water": 41, "electricity": 160}


@dataclass(frozen=True, slots=True)
class Shown:
    """A register on the day it is read: what it showed a period ago and shows now, in steps of its last digit."""

    serial: str
    channel: str
    commodity: str
    kind: str
    size: str
    occupancy: str
    form: str
    code: str
    route: str
    place: int
    dials: int
    decimals: int
    multiplier: int
    before: int
    now: int
    days: int

    @property
    def key(self) -> tuple[str, str]:
        """The register's meter and channel."""
        return self.serial, self.channel

    @property
    def limit(self) -> int:
        """Steps after which the register starts again."""
        return int(10 ** (self.dials + self.decimals))

    @property
    def used(self) -> int:
        """Steps truly used."""
        return (self.now - self.before) % self.limit

    @property
    def rolls(self) -> bool:
        """Whether it truly passed 0."""
        return self.now < self.before


@dataclass(frozen=True, slots=True)
class Fault:
    """One labelled fault, at a register or a channel, and for intervals the local days it touches."""

    kind: str
    key: tuple[str, str]
    effect: str = "none"
    days: tuple[date, ...] = ()
    too_much: bool = False
    told: int = -1


def effect_of(one: Shown, told: int) -> str:
    """What a read of ``told`` steps does to the usage of a register."""
    if told >= one.limit:
        return "beyond"
    used = told - one.before
    if used < 0 and -used * 2 < one.limit:
        return "fell"
    if used < 0:
        used += one.limit
        if used >= 3 * one.used:
            return "wrapped"
    if used >= 3 * one.used and used - one.used > 0:
        return "soared"
    if used * 3 <= one.used:
        return "sank"
    return "mild"


def is_material(one: Shown, told: int) -> bool:
    """Whether anybody could or need find that ``told`` is wrong."""
    if effect_of(one, told) in IMPOSSIBLE:
        return True
    off = abs((told - one.before) % one.limit - one.used)
    return off * 100 > one.used * 35 and off * _WORTH[one.commodity] * one.multiplier > _LEAST_TENTHS


#: The most that can pass in a day, by physics and not by any policy. Water: gallons a minute at 20 ft/s through the
#: bore of the size; electricity: a class 320 meter at 240 V, and 20 A at 480 V three-phase behind transformers.
_GALLONS = {"5/8": 20, "3/4": 28, "1": 49, "1 1/2": 111, "2": 196, "3": 441, "4": 784, "6": 1_764}


def most_a_day(commodity: str, size: str, multiplier: int) -> int:
    """Millionths of ccf or kWh that can pass in a day."""
    if commodity == "water":
        return _GALLONS[size] * 1_440 * 1_000_000 // 748
    watts = 320 * 240 if multiplier == 1 else 20 * 480 * 1_732 // 1_000 * multiplier
    return watts * 24 * 1_000


def passes(one: Shown, told: int) -> bool:
    """Whether the usage told could have passed the meter."""
    used = (told - one.before) * int(10 ** (6 - one.decimals)) * one.multiplier
    return used <= most_a_day(one.commodity, one.size, one.multiplier) * one.days
