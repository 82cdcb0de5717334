"""What stands in the ledger of net metering: entries that were not taken back, what they carry, which rest on sand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.db.models import Q, Sum

from meterbook.engine.programs.net_metering.movements import Carried
from meterbook.records.programs.models import NetMeteringAccount, NetMeteringEntry, NetMeteringShare

_BANKED = (NetMeteringEntry.OPENING, NetMeteringEntry.PERIOD)


def enrolled(agreements: Sequence[int]) -> dict[int, list[NetMeteringAccount]]:
    """The enrolments of some agreements, by agreement, oldest first."""
    found: dict[int, list[NetMeteringAccount]] = {}
    rows = NetMeteringAccount.objects.filter(agreement_id__in=agreements).select_related("agreement")
    for nem in rows.order_by("pk"):
        found.setdefault(nem.agreement_id, []).append(nem)
    return found


def part_of(enrolments: Sequence[NetMeteringAccount], starts: date, ends: date) -> NetMeteringAccount | None:
    """The enrolment that days ``starts`` to ``ends`` (out) of an agreement are under, if any."""
    for nem in enrolments:
        first, upto = nem.validity.lower, nem.validity.upper
        if first < ends and (upto is None or upto > starts):
            return nem
    return None


def standing(nems: Sequence[int]) -> dict[int, list[NetMeteringEntry]]:
    """Openings and periods that were not taken back, by enrolment, in the order of their days."""
    found: dict[int, list[NetMeteringEntry]] = {nem: [] for nem in nems}
    rows = NetMeteringEntry.objects.filter(nem_id__in=nems, kind__in=_BANKED, reversed_by__isnull=True)
    for entry in rows.order_by("starts", "ends", "pk"):
        found[entry.nem_id].append(entry)
    return found


def carried_out(entry: NetMeteringEntry | None) -> Carried:
    """What an entry carries on; nothing before the first."""
    return Carried() if entry is None else Carried(entry.after_e6, entry.after_cents)


def carried_in(entry: NetMeteringEntry) -> Carried:
    """What an entry was priced with."""
    return Carried(entry.before_e6, entry.before_cents)


def unsettled(entries: Sequence[NetMeteringEntry]) -> list[NetMeteringEntry]:
    """Periods, in order, whose bill was priced with another bank than the period before now leaves."""
    chain = [None, *entries]
    return [
        after
        for before, after in pairwise(chain)
        if after is not None and after.kind == NetMeteringEntry.PERIOD and carried_in(after) != carried_out(before)
    ]


def waiting(nems: Sequence[int]) -> dict[int, int]:
    """Millionths of a kWh of other meters' exports that came to each member and are on no bill yet."""
    rows = NetMeteringEntry.objects.filter(nem_id__in=nems).values("nem_id").annotate(total=Sum("waiting_e6"))
    return {row["nem_id"]: int(row["total"]) for row in rows}


def shares_on(generators: Sequence[int], day: date) -> dict[int, dict[int, Decimal]]:
    """Percent by member, of each enrolment whose exports are shared on a day; in the members' order."""
    found: dict[int, dict[int, Decimal]] = {}
    rows = NetMeteringShare.objects.filter(group__generator_id__in=generators, validity__contains=day)
    for share in rows.select_related("group").order_by("member_id"):
        found.setdefault(share.group.generator_id, {})[share.member_id] = share.percent
    return found


@dataclass
class Chain:
    """Banks carried through periods that are about to be priced or posted, each enrolment in the order of its days.

    ``again`` names the days priced anew: what stands for them is left out of account.
    """

    entries: Mapping[int, Sequence[NetMeteringEntry]]
    again: Mapping[int, Sequence[tuple[date, date]]]
    done: dict[int, tuple[date, Carried]] = field(default_factory=dict)

    def before(self, nem: int, starts: date) -> Carried:
        """What is carried into a period that begins on ``starts``."""
        last = None
        for entry in self.entries.get(nem, ()):
            if entry.ends <= starts and not self._again(nem, entry):
                last = entry
        made = self.done.get(nem)
        if made is not None and made[0] <= starts and (last is None or made[0] >= last.ends):
            return made[1]
        return carried_out(last)

    def replaced(self, nem: int, starts: date, ends: date) -> NetMeteringEntry | None:
        """The standing period of exactly these days, which pricing them anew takes back."""
        for entry in self.entries.get(nem, ()):
            if entry.kind == NetMeteringEntry.PERIOD and (entry.starts, entry.ends) == (starts, ends):
                return entry
        return None

    def went(self, nem: int, ends: date, after: Carried) -> None:
        """A period was worked out."""
        self.done[nem] = (ends, after)

    def _again(self, nem: int, entry: NetMeteringEntry) -> bool:
        if entry.kind == NetMeteringEntry.OPENING:
            return False
        return any(entry.starts < ends and starts < entry.ends for starts, ends in self.again.get(nem, ()))


def ledger_sums(nem: NetMeteringAccount) -> dict[str, int]:
    """The sums of every figure over all entries, reversals included."""
    names = [
        name
        for name in (each.name for each in NetMeteringEntry._meta.get_fields())
        if name.endswith(("_e6", "_cents")) and not name.startswith(("before_", "after_"))
    ]
    sums: dict[str, Any] = nem.entries.aggregate(**{name: Sum(name, default=0) for name in names})
    return {name: int(value) for name, value in sums.items()}


def bank_of(sums: Mapping[str, int]) -> Carried:
    """The bank that sums of entries make.

    >>> bank_of({"opened_e6": 0, "banked_e6": 120, "used_e6": 20, "expired_e6": 0, "paid_e6": 0, "opened_cents": 5,
    ...     "banked_cents": 0, "used_cents": 0, "expired_cents": 0, "paid_cents": 0})
    Carried(kwh_e6=100, cents=5)
    """
    kwh, cents = (
        sums[f"opened_{unit}"] + sums[f"banked_{unit}"] - sums[f"used_{unit}"] - sums[f"expired_{unit}"]
        - sums[f"paid_{unit}"]
        for unit in ("e6", "cents")
    )  # fmt: skip
    return Carried(kwh, cents)


def open_on(day: date) -> Q:
    """Enrolments in force on a day."""
    return Q(validity__contains=day)
