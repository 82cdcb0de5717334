"""What pages and notices show of summaries, off-cycle bills and deliveries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet

from meterbook.records.billing.kinds.operations.summaries import waiting
from meterbook.records.billing.models import Bill, SummaryBill, SummaryGroup, SummaryItem, SummaryMember
from meterbook.records.customers.models import Account
from meterbook.records.customers.queries import mail_lines


def groups(day: date) -> QuerySet[SummaryGroup, Any]:
    """Every summary group with its payer, the members of a day and the newest summary."""
    here = Q(members__validity__contains=day)
    return SummaryGroup.objects.values(
        "id", "code", "name", account_number=F("payer_account__number"),
        account_holder=F("payer_account__holder__name"), person=F("payer_person__name"),
        member_count=Count("members", filter=here, distinct=True), newest=Max("bills__bill_date"),
    )  # fmt: skip


def group(code: str) -> SummaryGroup | None:
    """One group with its payer, or nothing."""
    found = SummaryGroup.objects.select_related("payer_account__holder", "payer_person")
    return found.filter(code=code).first()


def members(found: SummaryGroup) -> list[SummaryMember]:
    """The group's memberships with their accounts, by account number, those that ended last."""
    rows = found.members.select_related("account__holder").order_by("account__number")
    return sorted(rows, key=lambda member: member.validity.upper is not None)


def waiting_bills(found: SummaryGroup, until: date) -> list[Bill]:
    """The members' posted bills that are on no summary yet."""
    return waiting(found, until)


def summaries(found: SummaryGroup) -> list[SummaryBill]:
    """The group's summaries, newest first."""
    return list(found.bills.order_by("-bill_date", "-id"))


def summary(summary_id: int) -> SummaryBill | None:
    """One summary with its group and payer, or nothing."""
    found = SummaryBill.objects.select_related("group__payer_account__holder", "group__payer_person")
    return found.filter(pk=summary_id).first()


@dataclass(frozen=True, slots=True)
class Listed:
    """One bill on a summary: whose, where, for which services and days, and what of it counts here, in cents.

    ``before_cents`` stands on an account's first bill: what it owed before these bills, less what it paid since. So an
    account's rows add up to its amount due, and so do the columns.
    """

    bill_id: int
    bill_number: str
    account_number: str
    holder: str
    address: str
    services: tuple[str, ...]
    starts: date
    ends: date
    kind: str
    before_cents: int
    current_cents: int
    due_cents: int


def listed(found: SummaryBill) -> list[Listed]:
    """The bills on a summary by account number and date."""
    items = SummaryItem.objects.filter(summary=found).select_related("bill__account__holder", "bill__run")
    ordered = sorted(items, key=lambda item: (item.bill.account.number, item.bill.bill_date, item.bill_id))
    before: dict[int, int] = {}
    for item in ordered:
        before[item.bill.account_id] = before.get(item.bill.account_id, 0) + item.due_cents - item.current_cents
    return [_listed(item, before.pop(item.bill.account_id, 0)) for item in ordered]


def _listed(item: SummaryItem, before_cents: int) -> Listed:
    bill = item.bill
    segments = bill.segments.filter(run_id=bill.run_id).select_related("service_point__premise").order_by("id")
    addresses = list(dict.fromkeys(segment.service_point.premise.address for segment in segments))
    return Listed(
        bill_id=bill.pk, bill_number=bill.number, account_number=bill.account.number, holder=bill.account.holder.name,
        address=addresses[0] if addresses else "", starts=bill.starts, ends=bill.ends, kind=bill.kind,
        services=tuple(dict.fromkeys(segment.commodity for segment in segments)),
        before_cents=before_cents,
        current_cents=item.current_cents, due_cents=item.due_cents,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Payer:
    """Who a summary goes to: name, address lines, language, and the account, if the payer has one."""

    name: str
    lines: tuple[str, ...]
    language: str
    account_number: str


def payer(found: SummaryGroup, on: date) -> Payer:
    """The group's payer and where its mail goes on a day."""
    account, person = found.payer_account, found.payer_person
    if account is not None:
        lines = mail_lines({account.pk: on}).get(account.pk) or account.mail_lines
        return Payer(account.holder.name, tuple(lines), account.holder.language, account.number)
    assert person is not None
    return Payer(person.name, tuple(found.mail_lines), person.language, "")


def accounts_numbered(numbers: list[str]) -> tuple[list[Account], list[str]]:
    """The accounts of these numbers in their order, and the numbers nobody has."""
    known = {account.number: account for account in Account.objects.filter(number__in=numbers).select_related("holder")}
    return [known[number] for number in numbers if number in known], [one for one in numbers if one not in known]


def forwarded(bill: Bill) -> list[str]:
    """The address a bill was mailed to, if the account's mail was forwarded on its bill date."""
    return mail_lines({bill.account_id: bill.bill_date}).get(bill.account_id, [])


def summary_of(bill: Bill) -> SummaryBill | None:
    """The summary a bill is on, or nothing."""
    item = SummaryItem.objects.filter(bill=bill).select_related("summary").first()
    return item.summary if item else None
