"""Who may have more time or a plan: every reason against it in a sentence, and every reason for a second person."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from meterbook.engine.collections.arrangements.rules import ArrangementRules, ExtensionRules
from meterbook.engine.collections.arrangements.schedule import Part, months_after
from meterbook.engine.trace import N_, Step


@dataclass(frozen=True, slots=True)
class Record:
    """What an account did before: days of its extensions, of those broken, of plans broken; and what stands now."""

    extensions: tuple[date, ...] = ()
    extensions_broken: tuple[date, ...] = ()
    plans_broken: tuple[date, ...] = ()
    extended_until: date | None = None
    plan_stands: bool = False


def since(day: date, months: int) -> date:
    """The first day of the months that count back from a day."""
    return months_after(day, -months)


def against_extension(
    rules: ExtensionRules, record: Record, *, open_cents: int, until: date, day: date, roles: Collection[str]
) -> list[Step]:  # fmt: skip
    """Every reason why an account gets no more time up to a day; none if it may."""
    found: list[Step] = []
    if open_cents <= 0:
        found.append(Step(N_("Nothing is open that could wait.")))
    if record.extended_until is not None:
        found.append(Step(N_("There is more time already, until {day}."), {"day": record.extended_until}))
    if record.plan_stands:
        found.append(Step(N_("A payment arrangement stands; its parts have their own dates.")))
    given = [each for each in record.extensions if each > since(day, rules.most.months)]
    if len(given) >= rules.most.times:
        found.append(
            Step(N_("More time was given {times} times in {months} months; that is the most."),
                 {"times": len(given), "months": rules.most.months})
        )  # fmt: skip
    broken = [each for each in record.extensions_broken if each > since(day, rules.broken.months)]
    if len(broken) >= rules.broken.times:
        found.append(
            Step(N_("A promise of {day} was broken; none is taken for {months} months after that."),
                 {"day": max(broken), "months": rules.broken.months})
        )  # fmt: skip
    most = rules.days_for(roles)
    if not day < until <= day + timedelta(days=most):
        found.append(
            Step(N_("Choose a day after today, and not later than {day}: you may give {days} days."),
                 {"day": day + timedelta(days=most), "days": most})
        )  # fmt: skip
    return found


def against_plan(
    rules: ArrangementRules, record: Record, *, cents: int, down: int, parts: Sequence[Part], every: str, day: date
) -> list[Step]:  # fmt: skip
    """Every reason why there can be no such plan, whoever agrees to it."""
    found: list[Step] = []
    if record.plan_stands:
        found.append(Step(N_("A payment arrangement stands already. End it first.")))
    if cents < rules.least:
        found.append(Step(N_("A plan is made from {least} on."), {"least": _dollars(rules.least)}))
    if every not in rules.every:
        found.append(Step(N_("Instalments of this rhythm are not allowed.")))
    ordinary = [part for part in parts if part.number]
    first, last = ordinary[0].due_on, ordinary[-1].due_on
    if not day < first <= day + timedelta(days=rules.first_within_days):
        found.append(
            Step(N_("The first instalment is due after today, and not later than {day}."),
                 {"day": day + timedelta(days=rules.first_within_days)})
        )  # fmt: skip
    if last > months_after(day, rules.months):
        found.append(Step(N_("The last instalment is due within {months} months."), {"months": rules.months}))
    if down >= cents:
        found.append(Step(N_("The down payment is less than the whole.")))
    if rules.then == "refuse" and _broke(rules, record, day):
        found.append(Step(N_("A plan was broken in the last {months} months."), {"months": rules.again.months}))
    return found


def second_person(
    rules: ArrangementRules, record: Record, *, cents: int, down: int, asked_down: int, parts: Sequence[Part],
    day: date, roles: Collection[str],
) -> list[Step]:  # fmt: skip
    """Every reason why a second person has to agree."""
    found: list[Step] = []
    if cents > rules.alone_up_to(roles):
        found.append(
            Step(N_("It is more than you agree to alone: {limit}."), {"limit": _dollars(rules.alone_up_to(roles))})
        )
    if parts[-1].due_on > months_after(day, rules.months_alone(roles)):
        found.append(
            Step(N_("It runs longer than you agree to alone: {months} months."), {"months": rules.months_alone(roles)})
        )
    if down < asked_down:
        found.append(Step(N_("The down payment is less than the policy asks: {down}."), {"down": _dollars(asked_down)}))
    if rules.then == "second_person" and _broke(rules, record, day):
        found.append(Step(N_("A plan was broken in the last {months} months."), {"months": rules.again.months}))
    return found


def _broke(rules: ArrangementRules, record: Record, day: date) -> bool:
    broken = [each for each in record.plans_broken if each > since(day, rules.again.months)]
    return len(broken) >= rules.again.times


def _dollars(cents: int) -> str:
    return f"${cents // 100:,}.{cents % 100:02d}"
