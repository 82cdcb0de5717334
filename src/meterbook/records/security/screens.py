"""What pages and commands show of security: accounts, requests, instruments, one account's whole story."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import Upper

from meterbook.engine.trace import Step
from meterbook.records.customers.models import Account
from meterbook.records.ledger.deposits.interest import accrued, explained
from meterbook.records.ledger.deposits.queries import deposits
from meterbook.records.ledger.models import Allocation, Deposit, DepositInterest, OpenItem
from meterbook.records.platform.models import Approval, Attachment
from meterbook.records.platform.policies import NoPolicy
from meterbook.records.security.assessing import steps_from
from meterbook.records.security.instruments import expiring, left_of
from meterbook.records.security.models import Assessment, Draw, Instalment, Instrument
from meterbook.records.security.seconds import DOES
from meterbook.records.security.standing import Candidate, Security, security_of, worklist


@dataclass(frozen=True, slots=True)
class Held:
    """A deposit with what is still held of it, the interest due on it and how that was computed."""

    deposit: Deposit
    held_cents: int
    due_cents: int
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """An instalment: to come, asked for (with what is paid of it), paid, or taken back."""

    instalment: Instalment
    state: str
    paid_cents: int


@dataclass(frozen=True, slots=True)
class Asked:
    """An assessment with its working and its instalments."""

    assessment: Assessment
    steps: Sequence[Step]
    parts: Sequence[Part]


@dataclass(frozen=True, slots=True)
class Story:
    """Everything that stands for one account."""

    account: Account
    stands: Security
    asked: Sequence[Asked]
    held: Sequence[Held]
    interest: Sequence[DepositInterest]
    instruments: Sequence[dict[str, Any]]
    requests: Sequence[Approval]
    candidate: Candidate | None


def account_numbered(number: str) -> Account | None:
    """An account by its number."""
    return Account.objects.select_related("holder").filter(number=number).first()


def accounts_numbered(numbers: Sequence[str]) -> list[Account]:
    """Accounts by their numbers, in order of number; unknown ones are left out."""
    return list(Account.objects.filter(number__in=numbers).order_by("number"))


def accounts_with_ids(ids: Sequence[int]) -> list[Account]:
    """Accounts by id."""
    return list(Account.objects.filter(pk__in=ids).order_by("pk"))


def story(account: Account, day: date) -> Story:
    """One account's security as it stands on a day."""
    due = dict(_due(day, account))
    held = [
        Held(one, int(one.held_cents), due.get(one.pk, 0), _steps(one, day))
        for one in deposits(account.pk).order_by("received_on", "pk")
    ]
    rows = Assessment.objects.filter(account=account).select_related("deed__actor").order_by("-pk")
    try:
        found = worklist(day, [account.pk])
    except NoPolicy:
        found = []
    return Story(
        account=account,
        stands=security_of([account.pk]).get(account.pk, Security(0, 0, 0)),
        asked=[_asked(row) for row in rows],
        held=held,
        interest=list(DepositInterest.objects.filter(deposit__account=account).order_by("-pk")),
        instruments=[_shown(one, day) for one in Instrument.objects.filter(account=account).order_by("-pk")],
        requests=list(requests().filter(subject=f"security:{account.number}", status=Approval.PENDING)),
        candidate=found[0] if found else None,
    )


def _due(day: date, account: Account) -> list[tuple[int, int]]:
    return [(int(one), int(cents)) for one, cents in accrued(day, [account.pk]).select("deposit", "due").iter_rows()]


def _steps(deposit: Deposit, day: date) -> tuple[Step, ...]:
    try:
        return explained(deposit, day).steps
    except NoPolicy:
        return ()


def _asked(row: Assessment) -> Asked:
    parts = list(row.instalments.order_by("number"))
    items = OpenItem.objects.filter(source_kind="install", source_id__in=[one.pk for one in parts])
    charged = {item.source_id: item for item in items if item.side == OpenItem.CHARGE}
    cancelled = {item.source_id for item in items if item.side == OpenItem.CREDIT}
    paid: dict[int, int] = {}
    given = Allocation.objects.filter(charge__in=charged.values()).exclude(credit__source_kind="install")
    for item, cents in given.values_list("charge__source_id", "amount_cents"):
        paid[item] = paid.get(item, 0) + cents
    shown = []
    for one in parts:
        settled = paid.get(one.pk, 0)
        state = "to_come" if row.cancelled_by_id is None else "cancelled"
        if one.pk in charged:
            state = "cancelled" if one.pk in cancelled else "paid" if settled >= one.amount_cents else "asked"
        shown.append(Part(one, state, settled))
    return Asked(row, steps_from(row.working), shown)


def _shown(one: Instrument, day: date) -> dict[str, Any]:
    kept = Attachment.objects.filter(subject=f"instrument:{one.pk}").defer("content")
    return {"instrument": one, "state": state_of(one, day), "left_cents": left_of(one), "files": list(kept)}


def state_of(one: Instrument, day: date) -> str:
    """Whether an instrument is valid on a day: to_come, valid, or over."""
    if one.validity.lower > day:
        return "to_come"
    return "valid" if one.validity.upper is None or day < one.validity.upper else "over"


def requests() -> QuerySet[Approval, Approval]:
    """Requests decided by this area's own deed."""
    return Approval.objects.filter(kind__in=list(DOES), subject__startswith="security:").order_by("-pk")


def request_numbered(pk: int) -> Approval | None:
    """One of this area's requests."""
    return requests().filter(pk=pk).select_related("requested_by", "decided_by").first()


def instrument_numbered(pk: int) -> Instrument | None:
    """One instrument."""
    return Instrument.objects.select_related("account__holder", "guarantor__holder").filter(pk=pk).first()


def instrument(pk: int, day: date) -> dict[str, Any] | None:
    """One instrument with its state, what is left of it, its files, changes and draws."""
    one = instrument_numbered(pk)
    if one is None:
        return None
    draws = list(Draw.objects.filter(instrument=one).order_by("pk"))
    return {**_shown(one, day), "changes": list(one.changes.order_by("pk")), "draws": draws}


def instruments() -> QuerySet[Instrument, Any]:
    """Every instrument as a row of a table; ``until`` is the first day it is no longer valid."""
    return Instrument.objects.values(
        "id", "kind", "issuer", "amount_cents", "petition_on", account_number=F("account__number"),
        name=F("account__holder__name"), reference=F("number"), until=Upper("validity"),
    )  # fmt: skip


def assessments() -> QuerySet[Assessment, Any]:
    """Every assessment as a row of a table."""
    return Assessment.objects.values(
        "id", "deposit_class", "standing", "computed_cents", "waived_cents", "waiver", "basis",
        account_number=F("account__number"), name=F("account__holder__name"), on=F("deed__business_date"),
        who=F("deed__actor__username"), asked=F("computed_cents") - F("waived_cents"),
    )  # fmt: skip


def attachment(pk: int) -> Attachment | None:
    """A file kept with an instrument."""
    return Attachment.objects.filter(pk=pk, subject__startswith="instrument:").first()


def ending(day: date, days: int) -> list[dict[str, Any]]:
    """Instruments that end within some days of one, soonest first."""
    return [
        {
            "id": one.pk, "until": one.validity.upper, "number": one.account.number, "kind": one.kind,
            "issuer": one.issuer, "amount_cents": one.amount_cents,
        }
        for one in expiring(day, day + timedelta(days=days)).select_related("account")
    ]  # fmt: skip
