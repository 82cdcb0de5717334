"""Questions about the ledger of net metering: banks, statements, what must be rated again, what waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from meterbook.engine.programs.net_metering.movements import Carried
from meterbook.records.programs.models import NetMeteringAccount, NetMeteringEntry
from meterbook.records.programs.net_metering.standing import carried_out, standing, unsettled, waiting


def unsettled_periods(nem: NetMeteringAccount) -> list[NetMeteringEntry]:
    """Billed periods, in order, that must be rated again: the period before them was corrected."""
    return unsettled(standing([nem.pk])[nem.pk])


def must_follow(agreement_id: int, day: date) -> list[tuple[date, date]]:
    """Days of the billed periods from ``day`` on: their banks rest on what came before, so they follow a correction."""
    nems = list(NetMeteringAccount.objects.filter(agreement_id=agreement_id).values_list("pk", flat=True))
    return [
        (entry.starts, entry.ends)
        for entries in standing(nems).values()
        for entry in entries
        if entry.starts >= day and entry.kind == NetMeteringEntry.PERIOD
    ]


@dataclass(frozen=True, slots=True)
class Statement:
    """A month's statement: what stood before it, the entries of its year up to it, and what is carried on.

    ``worth_cents`` is the bank in dollars: itself, or its kWh where the tariff says what true-up pays for them.
    """

    nem: NetMeteringAccount
    entry: NetMeteringEntry
    history: tuple[NetMeteringEntry, ...]
    carried: Carried


def statements(bills: Sequence[int], *, months: int = 12) -> dict[int, list[Statement]]:
    """The statements of posted bills, by bill id: each period on it, with the newest ``months`` before and with it."""
    rows = NetMeteringEntry.objects.filter(bill_id__in=bills, kind=NetMeteringEntry.PERIOD)
    entries = list(rows.select_related("nem").order_by("starts", "pk"))
    chains = standing([entry.nem_id for entry in entries])
    found: dict[int, list[Statement]] = {}
    for entry in entries:
        before = [each for each in chains[entry.nem_id] if each.ends <= entry.starts]
        before = [each for each in before if each.kind == NetMeteringEntry.PERIOD][-(months - 1) :]
        made = Statement(entry.nem, entry, (*before, entry), carried_out(entry))
        found.setdefault(entry.bill_id or 0, []).append(made)
    return found


@dataclass(frozen=True, slots=True)
class Position:
    """How an enrolment stands today: its bank, shares that wait, its newest period, periods to be rated again."""

    nem: NetMeteringAccount
    carried: Carried
    waiting_e6: int
    last: NetMeteringEntry | None
    unsettled: tuple[NetMeteringEntry, ...]


def positions(nems: Sequence[NetMeteringAccount]) -> list[Position]:
    """How enrolments stand, in the order given."""
    ids = [nem.pk for nem in nems]
    chains, came = standing(ids), waiting(ids)
    return [
        Position(
            nem, carried_out(chains[nem.pk][-1] if chains[nem.pk] else None), came.get(nem.pk, 0),
            chains[nem.pk][-1] if chains[nem.pk] else None, tuple(unsettled(chains[nem.pk])),
        )
        for nem in nems
    ]  # fmt: skip


def all_enrolments() -> list[NetMeteringAccount]:
    """Every enrolment, by account number."""
    rows = NetMeteringAccount.objects.select_related(
        "account", "agreement__schedule__document", "agreement__service_point"
    )
    return list(rows.order_by("account__number", "pk"))


class NotEnrolled(LookupError):
    """There is no enrolment in force at a service point."""


def enrolled_at(point: str) -> NetMeteringAccount:
    """The newest enrolment at a service point, by the point's code; raises `NotEnrolled`."""
    rows = NetMeteringAccount.objects.filter(agreement__service_point__code=point, validity__upper_inf=True)
    found = rows.select_related("agreement__schedule__document").order_by("-pk").first()
    if found is None:
        raise NotEnrolled(f"nobody is under net metering at service point {point}")
    return found


def of_account(account_id: int) -> list[Position]:
    """The enrolments of an account, as they stand."""
    rows = NetMeteringAccount.objects.filter(account_id=account_id).select_related("agreement__service_point")
    return positions(list(rows.order_by("pk")))
