"""What an account would be asked for, from the policy and a year of bills, with the working; nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from meterbook.engine.money import dollars
from meterbook.engine.security.assess import STANDING_WORDS, Part, assess, schedule
from meterbook.engine.security.rules import DepositClass, DepositRules
from meterbook.engine.trace import N_, Step
from meterbook.records.customers.models import Account, ServiceAgreement
from meterbook.records.ledger.deposits.interest import rules_in_force
from meterbook.records.platform.models import Document
from meterbook.records.security.estimating import Year, year_of
from meterbook.records.security.models import Assessment, Instrument
from meterbook.records.security.standing import security_of

_WHOSE = {
    "own": N_("The account's own bills of {count} days make {cents} a year."),
    "premise": N_("Bills of its home under the customer before, of {count} days, make {cents} a year."),
    "others": N_("{count} customers of its class pay {cents} a year on average."),
    "said": N_("A year of bills was put at {cents} by hand."),
}


class CannotAssess(ValueError):
    """The deposit cannot be asked for like this; ``step`` is the sentence."""

    def __init__(self, step: Step) -> None:
        self.step = step
        super().__init__(step.words(str))


@dataclass(frozen=True, slots=True)
class Terms:
    """What somebody types: credit standing, number of instalments, what is waived for what, a year's amount by hand.

    ``schedules`` and ``points`` are those of a service that is still to begin, for an account with none yet.
    """

    standing: str = "unknown"
    parts: int = 1
    waiver: str = ""
    waived_cents: int | None = None
    year_cents: int | None = None
    schedules: tuple[str, ...] = ()
    points: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would be asked: the rule and its working, what is waived, the instalments."""

    account: Account
    document: Document
    rule: DepositClass
    year: Year
    terms: Terms
    computed_cents: int
    waived_cents: int
    instrument: Instrument | None
    steps: tuple[Step, ...]
    parts: Sequence[Part]

    def figures(self) -> dict[str, Any]:
        """Everything a second person is shown, and what is done if they agree."""
        return {
            "account": self.account.number, "class": self.rule.code, "standing": self.terms.standing,
            "basis": self.year.basis, "year_cents": self.year.cents, "computed_cents": self.computed_cents,
            "waiver": self.terms.waiver, "waived_cents": self.waived_cents, "parts": self.terms.parts,
            "asked_cents": self.computed_cents - self.waived_cents,
            "instrument": self.instrument.pk if self.instrument else None, "document": self.document.pk,
        }  # fmt: skip


def propose(account: Account, terms: Terms, day: date) -> Proposal:
    """Work out what an account would be asked for on a day. Raises `CannotAssess`, `NothingToGoBy`, `WrongSetting`."""
    document, rules = rules_in_force(day)
    schedules = ServiceAgreement.objects.filter(account=account, validity__contains=day)
    rule = rules.class_of([*schedules.values_list("schedule__code", flat=True), *terms.schedules])
    if terms.standing not in STANDING_WORDS:
        raise CannotAssess(Step(N_("There is no credit standing {found}."), {"found": terms.standing}))
    if not 1 <= terms.parts <= rule.instalments:
        raise CannotAssess(Step(N_("At most {most} instalments are allowed, from one up."), {"most": rule.instalments}))
    year = _year(account, rule, rules, terms, day)
    found = assess(rule, year_cents=year.cents, standing=terms.standing, periods_per_year=rules.periods_per_year)
    whose = Step(_WHOSE[year.basis], {"count": year.count, "cents": dollars(year.cents)})
    held = held_for(account)
    steps = [whose, *found.steps]
    computed = found.cents
    if held and computed:
        computed = max(0, computed - held)
        steps.append(Step(N_("{held} are held or asked for already."), {"held": dollars(held)}))
    waived, instrument, said = _waived(account, rules, terms, computed, day)
    steps += said
    parts = schedule(computed - waived, parts=terms.parts, rule=rule, first=day)
    return Proposal(account, document, rule, year, terms, computed, waived, instrument, tuple(steps), parts)


def _year(account: Account, rule: DepositClass, rules: DepositRules, terms: Terms, day: date) -> Year:
    if terms.year_cents is not None:
        if terms.year_cents <= 0:
            raise CannotAssess(Step(N_("A year of bills is more than nothing.")))
        return Year(terms.year_cents, "said", 0)
    others = [code for one in rules.classes for code in one.schedules]
    return year_of(account, rule, others, day, points=terms.points)


def held_for(account: Account) -> int:
    """Cents of security an account gave or was asked for: deposits held, instalments charged and to come."""
    found = security_of([account.pk]).get(account.pk)
    return found.held_cents + found.unpaid_cents + found.to_come_cents if found else 0


def _waived(
    account: Account, rules: DepositRules, terms: Terms, computed: int, day: date
) -> tuple[int, Instrument | None, list[Step]]:
    """What is waived, the instrument it rests on, and the sentence. Raises `CannotAssess`."""
    if not terms.waiver:
        return 0, None, []
    waiver = rules.waiver(terms.waiver)
    waived = computed if terms.waived_cents is None else terms.waived_cents
    if not 0 < waived <= computed:
        raise CannotAssess(
            Step(
                N_("{waived} cannot be waived of {computed}."),
                {"waived": dollars(waived), "computed": dollars(computed)},
            )
        )
    instrument = None
    if waiver.instruments:
        instrument = _standing_instrument(account, waiver.instruments, waived, day)
        if instrument is None:
            raise CannotAssess(Step(N_("For this, record an instrument first that is valid today and large enough.")))
    return (
        waived,
        instrument,
        [Step(N_("{waived} are waived."), {"waived": dollars(waived)})],
    )


def _standing_instrument(account: Account, kinds: Sequence[str], cents: int, day: date) -> Instrument | None:
    """A valid instrument of these kinds that covers the cents and that no other assessment rests on.

    A good payer's letter names no amount: it covers any.
    """
    used = Assessment.objects.filter(cancelled_by=None, instrument__isnull=False).values("instrument")
    found = Instrument.objects.filter(account=account, kind__in=kinds, validity__contains=day).exclude(pk__in=used)
    enough = Q(amount_cents__gte=cents) | Q(kind="good_payer_letter")
    return found.filter(enough).order_by("-validity__endswith", "pk").first()


def working_of(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Sentences as they are kept."""
    return [{"message": one.message, "values": {name: _kept(value) for name, value in one.values.items()}}
            for one in steps]  # fmt: skip


def _kept(value: Any) -> Any:
    return {"message": value.message} if isinstance(value, Step) else str(value)


def steps_from(working: Sequence[dict[str, Any]]) -> list[Step]:
    """Kept sentences as steps again."""
    return [
        Step(one["message"], {name: Step(value["message"]) if isinstance(value, dict) else value
                              for name, value in one["values"].items()})
        for one in working
    ]  # fmt: skip
