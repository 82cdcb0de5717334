"""The rules of a leak claim, each judged with its figures: met, not met, or not met but waivable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from meterbook.engine.billing.adjusting.fees import months_before
from meterbook.engine.billing.leak.settings import LeakRules
from meterbook.engine.billing.leak.usage import Base, Past, plain, rounded
from meterbook.engine.trace import N_, Step


@dataclass(frozen=True, slots=True)
class Claimed:
    """The facts of a claim: the periods asked about in order, what came after, what was credited before.

    ``proofs``: files attached; ``earlier``: the days earlier claims were asked on; ``estimated``: any of the periods
    rests on an estimated read; ``stands``: every bill is posted and none of it taken back; ``bill_date`` of the newest.
    """

    leaks: tuple[Past, ...]
    bases: tuple[Base, ...]
    after: tuple[Past, ...]
    earlier: tuple[date, ...]
    proofs: int
    estimated: bool
    stands: bool
    asked_on: date
    repaired_on: date
    bill_date: date


@dataclass(frozen=True, slots=True)
class Judged:
    """One rule: its code, whether it is met, whether a supervisor may waive it, and why in words."""

    rule: str
    met: bool
    waivable: bool
    says: Step


def judge(rules: LeakRules, claim: Claimed) -> list[Judged]:
    """Every rule of the policy in its order."""
    found: list[tuple[str, bool, Step]] = [_stands(claim), _history(rules, claim), _unusual(rules, claim)]
    found += [_actual(claim), _periods(rules, claim), _frequency(rules, claim)]
    if rules.proof:
        says = (
            N_("Proof of the repair is attached.") if claim.proofs else N_("Proof of the repair is not attached yet.")
        )
        found.append(("proof", claim.proofs > 0, Step(says)))
    if rules.normal_percent is not None:
        found.append(_back_to_normal(rules.normal_percent, claim))
    if rules.asked_within_days is not None:
        found.append(_in_time(rules.asked_within_days, claim))
    return [Judged(rule, met, rule in rules.waivable, says) for rule, met, says in found]


def _stands(claim: Claimed) -> tuple[str, bool, Step]:
    if claim.stands:
        return "still_stands", True, Step(N_("The bills are posted and stand as they were issued."))
    return "still_stands", False, Step(N_("A bill of these days is not posted, or was taken back: correct that first."))


def _history(rules: LeakRules, claim: Claimed) -> tuple[str, bool, Step]:
    short = next((base for base in claim.bases if base.quantity is None), None)
    if short is not None:
        return "history", False, short.steps[0]
    count = min(len(base.periods) for base in claim.bases)
    return "history", True, Step(
        N_("Earlier periods under the base: {count}; at least {least} are asked for."),
        {"count": count, "least": rules.base.least},
    )  # fmt: skip


def _unusual(rules: LeakRules, claim: Claimed) -> tuple[str, bool, Step]:
    """Every period must be above the share of its base that makes a leak of it."""
    share = rules.least_percent
    for leak, base in zip(claim.leaks, claim.bases, strict=True):
        least = (base.quantity or Decimal(0)) * share / 100
        if base.quantity is None or leak.quantity < least:
            return "unusual", False, Step(
                N_("{used} were used; a leak is at least {percent} percent of the base, {least}."),
                {"used": plain(leak.quantity), "percent": plain(share), "least": plain(least)},
            )  # fmt: skip
    most = max(leak.quantity for leak in claim.leaks)
    return (
        "unusual",
        True,
        Step(
            N_("Usage of {used} is at least {percent} percent of the base."),
            {"used": plain(most), "percent": plain(share)},
        ),
    )


def _actual(claim: Claimed) -> tuple[str, bool, Step]:
    if claim.estimated:
        return "actual_reads", False, Step(N_("A bill rests on an estimated read; wait for the next actual one."))
    return "actual_reads", True, Step(N_("Every bill rests on actual reads."))


def _periods(rules: LeakRules, claim: Claimed) -> tuple[str, bool, Step]:
    count = len(claim.leaks)
    joined = all(one.ends == two.starts for one, two in zip(claim.leaks, claim.leaks[1:], strict=False))
    values: dict[str, str | int | Decimal | date | Step] = {"count": count, "most": rules.periods}
    if count <= rules.periods and joined:
        says = N_("Billing periods asked about: {count}; at most {most} in a row may be credited.")
        return "periods", True, Step(says, values)
    return (
        "periods",
        False,
        Step(N_("Billing periods asked about: {count}; only {most} in a row may be credited."), values),
    )


def _frequency(rules: LeakRules, claim: Claimed) -> tuple[str, bool, Step]:
    since = months_before(claim.asked_on, rules.within_months)
    recent = [day for day in claim.earlier if day > since]
    values: dict[str, str | int | Decimal | date | Step] = {
        "found": len(recent), "most": rules.claims, "months": rules.within_months,
    }  # fmt: skip
    if len(recent) < rules.claims:
        return (
            "frequency",
            True,
            Step(N_("Leak credits in the {months} months before: {found}; at most {most} may be given."), values),
        )
    return (
        "frequency",
        False,
        Step(N_("Leak credits in the {months} months before: {found}; {most} is the most."), values),
    )


def _back_to_normal(percent: Decimal, claim: Claimed) -> tuple[str, bool, Step]:
    """The newest period after the leak, and after the repair, uses no more a day than the share of the base."""
    last, base = claim.leaks[-1], claim.bases[-1]
    later = [one for one in claim.after if one.starts >= last.ends and one.ends > claim.repaired_on]
    if not later or base.quantity is None:
        return "back_to_normal", False, Step(N_("No read since the repair shows yet that usage is back to normal."))
    newest = max(later, key=lambda one: one.ends)
    a_day, most = newest.quantity / newest.days, base.quantity * percent / 100 / last.days
    values: dict[str, str | int | Decimal | date | Step] = {
        "from": newest.starts, "to": newest.ends - timedelta(days=1), "a_day": plain(_thousandths(a_day)),
        "most": plain(_thousandths(most)), "percent": plain(percent),
    }  # fmt: skip
    if a_day <= most:
        return (
            "back_to_normal",
            True,
            Step(N_("From {from} to {to} usage was {a_day} a day; {percent} percent of the base is {most}."), values),
        )
    return (
        "back_to_normal",
        False,
        Step(N_("From {from} to {to} usage was still {a_day} a day; {percent} percent of the base is {most}."), values),
    )


def _thousandths(value: Decimal) -> Decimal:
    return rounded(value, 3)


def _in_time(days: int, claim: Claimed) -> tuple[str, bool, Step]:
    last = claim.bill_date + timedelta(days=days)
    values: dict[str, str | int | Decimal | date | Step] = {"asked": claim.asked_on, "last": last, "days": days}
    if claim.asked_on <= last:
        return "in_time", True, Step(N_("Asked on {asked}, within {days} days of the bill."), values)
    return "in_time", False, Step(N_("Asked on {asked}; {days} days after the bill were over on {last}."), values)


def allowed(judged: Sequence[Judged], *, waived: bool) -> bool:
    """Whether the claim may be proposed: every rule met, or those that are not may be, and are, waived."""
    return all(one.met or (waived and one.waivable) for one in judged)
