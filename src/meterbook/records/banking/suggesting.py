"""Whose an unidentified payment may be: what speaks for an account, the strongest first.

A number one digit off or two digits transposed, a former account's number, the amount of an open bill, an earlier
payment from the same bank account, the payer's name. Nothing is placed by itself: a person presses one key.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import F, Q

from meterbook.engine.trace import N_
from meterbook.records.billing.models import Bill
from meterbook.records.customers.models import Account
from meterbook.records.payments.models import Payment

#: How much each finding says; two weak ones together say as much as a strong one.
WEIGHTS = {"typo": 5, "bank": 6, "amount": 3, "name": 3, "former": 4}
WORDS = {
    "typo": N_("The number written is one slip away"),
    "bank": N_("An earlier payment came from the same bank account"),
    "amount": N_("The amount is exactly that of an open bill"),
    "name": N_("The payer's name is the holder's"),
    "former": N_("The number is that of a former account of this customer"),
}
_MOST, _BILL_DAYS = 5, 75


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An account a payment may belong to, and why: keys of `WORDS`, the strongest first."""

    account: Account
    why: tuple[str, ...]

    @property
    def score(self) -> int:
        """How much speaks for it."""
        return sum(WEIGHTS[each] for each in self.why)


def suggestions(payment: Payment) -> list[Suggestion]:
    """At most five accounts, the likeliest first; none where nothing speaks for any."""
    why: defaultdict[int, set[str]] = defaultdict(set)
    for found in (_by_number(payment), _by_bank(payment), _by_amount(payment), _by_name(payment)):
        for account, reason in found:
            why[account].add(reason)
    accounts = Account.objects.select_related("holder").in_bulk(list(why))
    made = [
        Suggestion(accounts[pk], tuple(sorted(reasons, key=lambda each: -WEIGHTS[each]))) for pk, reasons in why.items()
    ]
    return sorted(made, key=lambda each: (-each.score, each.account.number))[:_MOST]


def slips(number: str) -> set[str]:
    """Every number one slip of the pen away: a digit wrong, missing or too many, two neighbours transposed.

    >>> found = slips("1000041")
    >>> {"1000014", "1000042", "100041", "10000412"} <= found, "1000041" in found, "1000114" in found
    (True, False, False)
    """
    digits = "0123456789"
    found = {f"{number[:at]}{digit}{number[at + 1 :]}" for at in range(len(number)) for digit in digits}
    found |= {f"{number[:at]}{number[at + 1 :]}" for at in range(len(number))}
    found |= {f"{number[:at]}{digit}{number[at:]}" for at in range(len(number) + 1) for digit in digits}
    found |= {
        f"{number[:at]}{number[at + 1]}{number[at]}{number[at + 2 :]}" for at in range(len(number) - 1)
    }  # fmt: skip
    return found - {number}


def _by_number(payment: Payment) -> list[tuple[int, str]]:
    written = "".join(each for each in payment.written_account if each.isalnum())
    if not 4 <= len(written) <= 20:
        return []
    near = slips(written) | ({written} if written != payment.written_account else set())
    found = []
    for account in Account.objects.filter(number__in=near):
        found.append((account.pk, "typo"))
        if account.closed_on is not None:
            found += _current(account)
    return found


def _current(closed: Account) -> list[tuple[int, str]]:
    """The accounts a former customer has now."""
    now = Account.objects.filter(holder=closed.holder_id, closed_on__isnull=True)
    return [(pk, "former") for pk in now.values_list("pk", flat=True)[:_MOST]]


def _by_bank(payment: Payment) -> list[tuple[int, str]]:
    if not payment.payer_mark:
        return []
    earlier = Payment.objects.filter(payer_mark=payment.payer_mark, reversal__isnull=True).exclude(pk=payment.pk)
    placed = earlier.filter(account__isnull=False).values_list("account_id", flat=True)
    moved = earlier.filter(account__isnull=True, moves__to_account__isnull=False)
    found = {*placed.order_by("-received_on")[:_MOST], *moved.values_list("moves__to_account_id", flat=True)[:_MOST]}
    return [(account, "bank") for account in found if account is not None]


def _by_amount(payment: Payment) -> list[tuple[int, str]]:
    due = F("previous_cents") + F("payments_cents") + F("adjustments_cents") + F("current_cents")
    since = payment.received_on - timedelta(days=_BILL_DAYS)
    bills = Bill.objects.filter(bill_date__range=(since, payment.received_on)).annotate(due_cents=due)
    found = bills.filter(due_cents=payment.amount_cents).values_list("account_id", flat=True).distinct()[: _MOST + 1]
    # An amount that many owe, like the fixed charge of an empty house, says nothing.
    accounts = list(found)
    return [(account, "amount") for account in accounts] if len(accounts) <= _MOST else []


def _by_name(payment: Payment) -> list[tuple[int, str]]:
    words = payment.payer.split()
    if len(words) < 2:
        return []
    name = Q(holder__name__iexact=" ".join(words)) | Q(holder__name__iexact=f"{' '.join(words[1:])} {words[0]}")
    found = Account.objects.filter(name, closed_on__isnull=True).values_list("pk", flat=True)[: _MOST + 1]
    return [(pk, "name") for pk in found] if len(found) <= _MOST else []
