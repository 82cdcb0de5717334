"""One bill for several accounts: who pays for whom, and the summary of what the members were billed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from meterbook.records.billing.kinds.deciding import due_after
from meterbook.records.billing.models import Bill, BillRun, SummaryBill, SummaryGroup, SummaryItem, SummaryMember
from meterbook.records.customers.models import Account, Person
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, SUPERVISOR


class WrongGroup(ValueError):
    """The group has no payer or two, its code is taken, or an account is a member of a group already."""


class NothingToSum(ValueError):
    """No member has a posted bill that is not on a summary yet."""


@operation("billing.open_summary_group", roles={BILLING, SUPERVISOR})
def open_summary_group(
    deed: Deed,
    *,
    code: str,
    name: str,
    payer_account: Account | None = None,
    payer_person: Person | None = None,
    mail_lines: Sequence[str] = (),
) -> SummaryGroup:
    """Open a group: its payer is an account, or a person with the address the summary goes to. Raises `WrongGroup`."""
    if (payer_account is None) == (payer_person is None):
        raise WrongGroup(f"group {code}: expected one payer, an account or a person")
    if payer_person is not None and not any(line.strip() for line in mail_lines):
        raise WrongGroup(f"group {code}: a payer without an account needs an address")
    if not code.strip() or SummaryGroup.objects.filter(code=code.strip()).exists():
        raise WrongGroup(f"group {code!r}: expected a code that is not taken")
    group = SummaryGroup.objects.create(
        code=code.strip(), name=name.strip(), payer_account=payer_account, payer_person=payer_person,
        mail_lines=[line.strip() for line in mail_lines if line.strip()], deed=deed,
    )  # fmt: skip
    tell(deed, "billing.summary_group_opened", group=group.pk, code=group.code)
    return group


@operation("billing.join_summary", roles={BILLING, SUPERVISOR})
def join_summary(deed: Deed, *, group: SummaryGroup, accounts: Iterable[Account], starts: date) -> list[SummaryMember]:
    """Let accounts be summed up in a group from a day on; their own bills are no longer mailed. Raises `WrongGroup`."""
    made = []
    for account in accounts:
        other = SummaryMember.objects.filter(account=account, validity__overlap=(starts, None)).first()
        if other is not None:
            raise WrongGroup(f"account {account.number} is a member of group {other.group.code} already")
        made.append(SummaryMember.objects.create(group=group, account=account, validity=(starts, None), deed=deed))
    tell(deed, "billing.summary_joined", group=group.pk, accounts=[member.account_id for member in made])
    return made


@operation("billing.leave_summary", roles={BILLING, SUPERVISOR})
def leave_summary(deed: Deed, *, group: SummaryGroup, account: Account, ends: date) -> SummaryMember:
    """Let an account get its own mail again: bills from ``ends`` on are not on the group's summaries."""
    member = SummaryMember.objects.filter(group=group, account=account, validity__contains=ends).first()
    if member is None or member.validity.lower >= ends:
        raise WrongGroup(f"account {account.number} is no member of group {group.code} before {ends}")
    last = Bill.objects.filter(account=account, run__status=BillRun.POSTED, bill_date__gte=ends).first()
    if last is not None:
        raise WrongGroup(
            f"bill {last.number} of {last.bill_date} was not mailed alone: it stays with group {group.code}"
        )
    member.validity = (member.validity.lower, ends)
    member.save()
    tell(deed, "billing.summary_left", group=group.pk, account=account.pk)
    return member


@operation("billing.issue_summary", roles={BILLING, SUPERVISOR})
def issue_summary(deed: Deed, *, group: SummaryGroup, bill_date: date, due: date | None = None) -> SummaryBill:
    """Sum up every posted bill of the members, up to a day, that is on no summary yet.

    Nothing is booked: each member's balance stays its own, and the payer's check is spread over them. Of a member with
    several bills the newest one's amount due counts, since it holds the older ones'. Falls due by the billing rules if
    ``due`` is left out. Raises `NothingToSum`.
    """
    bills = waiting(group, bill_date)
    if not bills:
        raise NothingToSum(f"group {group.code}: no posted bill up to {bill_date} that is not on a summary")
    newest = {bill.account_id: bill.pk for bill in bills}
    items = [
        SummaryItem(
            bill=bill, current_cents=bill.current_cents,
            due_cents=bill.amount_due_cents if newest[bill.account_id] == bill.pk else 0,
        )
        for bill in bills
    ]  # fmt: skip
    summary = SummaryBill.objects.create(
        group=group, number=_number(group, bill_date), bill_date=bill_date,
        due_date=due or due_after(bill_date, last=False), current_cents=sum(item.current_cents for item in items),
        due_cents=sum(item.due_cents for item in items), deed=deed,
    )  # fmt: skip
    for item in items:
        item.summary = summary
    SummaryItem.objects.bulk_create(items)
    tell(deed, "billing.summary_issued", summary=summary.pk, bills=len(items), cents=summary.due_cents)
    return summary


def waiting(group: SummaryGroup, until: date) -> list[Bill]:
    """The members' posted bills up to a day that are on no summary, by account number and date, the newest last."""
    found: list[Bill] = []
    for member in group.members.all():
        found += Bill.objects.filter(
            account=member.account_id, run__status=BillRun.POSTED, summary_item__isnull=True,
            bill_date__gte=member.validity.lower, bill_date__lte=until, bill_date__lt=member.validity.upper or date.max,
        ).select_related("account__holder", "run")  # fmt: skip
    return sorted(found, key=lambda bill: (bill.account.number, bill.bill_date, bill.pk))


def _number(group: SummaryGroup, bill_date: date) -> str:
    """The group's code and the date; a second summary of the day is told apart by its place."""
    number = f"{group.code}-{bill_date:%Y%m%d}"
    again = SummaryBill.objects.filter(number__startswith=number).count()
    return f"{number}-{again + 1}" if again else number
