"""A leak claim computed: rules judged, usage credited, bills priced again; nothing is written here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from meterbook.engine.billing.adjusting.reasons import dollars
from meterbook.engine.billing.leak.repriced import AgainLine, excess_at_tier, price_again, total
from meterbook.engine.billing.leak.rules import Claimed, Judged, judge
from meterbook.engine.billing.leak.settings import LeakRules
from meterbook.engine.billing.leak.usage import Base, base_of, credited, plain
from meterbook.engine.trace import N_, Step
from meterbook.records.adjustments.leak import facts
from meterbook.records.adjustments.leak.facts import LeakSegment
from meterbook.records.adjustments.settings import leak_rules_on
from meterbook.records.billing.explanations import changes_in, told_of
from meterbook.records.billing.models import Bill, Segment
from meterbook.records.platform.models import Document
from meterbook.records.rates.queries import tariff_of


@dataclass(frozen=True, slots=True)
class Recomputed:
    """One agreement of one bill priced with the credited usage: lines as billed and as they would be, the difference.

    ``credit_cents`` is what is taken off, at least 0, after the policy's maximum.
    """

    bill: Bill
    segment: Segment
    used: Decimal
    base: Decimal
    billed: Decimal
    unit: str
    before: tuple[AgainLine, ...]
    after: tuple[AgainLine, ...]
    credit_cents: int
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class LeakPreview:
    """Everything the screen shows before anybody is asked."""

    document: Document
    rules: LeakRules
    judged: tuple[Judged, ...]
    parts: tuple[Recomputed, ...]
    bases: tuple[Base, ...]
    leaks: tuple[LeakSegment, ...]

    @property
    def credit_cents(self) -> int:
        """The whole credit."""
        return sum(part.credit_cents for part in self.parts)


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked: which bills (of one account), on which day, when the leak was repaired, where the water went."""

    bills: tuple[Bill, ...]
    asked_on: date
    repaired_on: date
    bypassed_sewer: bool
    proofs: int
    point: int | None = None


def leak_preview(ask: Ask) -> LeakPreview:
    """Compute a claim. Raises `NotEligible` for bills without the service, `NoPolicy`, `FacesDiffer`."""
    document, rules = leak_rules_on(ask.asked_on)
    account = ask.bills[0].account
    leaks = facts.leak_segments(ask.bills, rules, point=ask.point)
    history = facts.before(account, leaks[0])
    decimals = rules.credit.decimals
    bases = [base_of(rules.base, history, one.past, decimals=decimals, unit=one.unit) for one in leaks]
    claim = Claimed(
        leaks=tuple(one.past for one in leaks),
        bases=tuple(bases),
        after=tuple(facts.after(leaks[-1])),
        earlier=tuple(facts.earlier_claims(account)),
        proofs=ask.proofs,
        estimated=any(one.segment.estimated for one in leaks),
        stands=facts.stands(leaks),
        asked_on=ask.asked_on,
        repaired_on=ask.repaired_on,
        bill_date=leaks[-1].bill.bill_date,
    )
    parts = [
        part
        for leak, base in zip(leaks, bases, strict=True)
        if base.quantity is not None
        for part in _parts(rules, leak, base, base.quantity, bypassed=ask.bypassed_sewer)
    ]
    judged = tuple(judge(rules, claim))
    return LeakPreview(document, rules, judged, tuple(_limited(rules, parts)), tuple(bases), tuple(leaks))


def _parts(rules: LeakRules, leak: LeakSegment, base: Base, quantity: Decimal, *, bypassed: bool) -> list[Recomputed]:
    """The water, and the sewer charged by it where the water never reached it."""
    share = credited(rules.credit, leak.used, quantity, unit=leak.unit)
    tariff, told, changes = tariff_of(leak.segment.document), told_of(leak.segment), changes_in(leak.segment)
    starts, ends = leak.segment.starts, leak.segment.ends
    issued = price_again(tariff, starts, ends, told, changes)
    steps = [*base.steps, *share.steps]
    if rules.credit.kind == "reprice":
        at_base = price_again(tariff, starts, ends, told, changes, usage=min(quantity, leak.used))
        again, step = excess_at_tier(tariff, issued, at_base, share.excess, rules.credit)
        steps.append(step)
    else:
        again = price_again(tariff, starts, ends, told, changes, usage=share.billed)
    made = [_recomputed(leak, leak.segment, quantity, share.billed, issued, again, steps)]
    if bypassed and rules.sewer_to_base:
        made += [_sewer(leak, sewer, base, quantity) for sewer in leak.sewers]
    return made


def _sewer(leak: LeakSegment, sewer: Segment, base: Base, quantity: Decimal) -> Recomputed:
    tariff, told, changes = tariff_of(sewer.document), told_of(sewer), changes_in(sewer)
    billed = min(quantity, leak.used)
    issued = price_again(tariff, sewer.starts, sewer.ends, told, changes)
    again = price_again(tariff, sewer.starts, sewer.ends, told, changes, usage=billed)
    says = N_("The water did not reach the sewer: it is charged for the base, {base} {unit}.")
    steps = [*base.steps, Step(says, {"base": plain(billed), "unit": leak.unit})]
    return _recomputed(leak, sewer, quantity, billed, issued, again, steps)


def _recomputed(
    leak: LeakSegment, segment: Segment, base: Decimal, billed: Decimal, before: tuple[AgainLine, ...],
    after: tuple[AgainLine, ...], steps: Sequence[Step],
) -> Recomputed:  # fmt: skip
    old, new = total(before), total(after)
    credit = max(old - new, 0)
    says = Step(
        N_("Billed {old}, with the credited usage {new}: credit {credit}."),
        {"old": dollars(old), "new": dollars(new), "credit": dollars(credit)},
    )
    return Recomputed(leak.bill, segment, leak.used, base, billed, leak.unit, before, after, credit, (*steps, says))


def _limited(rules: LeakRules, parts: Sequence[Recomputed]) -> list[Recomputed]:
    """At most the policy's maximum, the first parts whole."""
    if rules.max_credit is None:
        return list(parts)
    left, made = rules.max_credit, []
    for part in parts:
        if part.credit_cents > left:
            says = N_("The policy credits at most {most} altogether: {left} of it is left here.")
            step = Step(says, {"most": dollars(rules.max_credit), "left": dollars(left)})
            part = replace(part, credit_cents=left, steps=(*part.steps, step))
        left -= part.credit_cents
        made.append(part)
    return made


def by_revenue(part: Recomputed) -> dict[str, int]:
    """The credit of a part by the revenue account of its lines, in cents, adding up to it exactly.

    What the maximum cut off is cut from the last accounts.
    """
    found: dict[str, int] = {}
    for line in part.before:
        found[line.revenue] = found.get(line.revenue, 0) + line.amount_cents
    for line in part.after:
        found[line.revenue] = found.get(line.revenue, 0) - line.amount_cents
    left, made = part.credit_cents, {}
    whole = sum(found.values())
    for at, (code, cents) in enumerate(found.items()):
        last = at == len(found) - 1
        share = left if last else (cents if whole == part.credit_cents else min(max(cents, 0), left))
        made[code] = share
        left -= share
    return {code: cents for code, cents in made.items() if cents}
