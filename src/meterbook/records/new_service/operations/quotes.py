"""Quotes for connections: worked out and issued, accepted while they hold, or withdrawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from meterbook.engine.money import dollars
from meterbook.engine.trace import N_, Step
from meterbook.records.customers.models import Account
from meterbook.records.fees.operations.development import ask_development
from meterbook.records.fees.settings import development_on
from meterbook.records.new_service.models import Permit, Quote
from meterbook.records.new_service.refusals import NewServiceRefused
from meterbook.records.new_service.settings import installation_on
from meterbook.records.places.models import Premise, ServicePoint
from meterbook.records.places.operations.rights import buy
from meterbook.records.platform.deeds import Act, operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, CSR, SUPERVISOR
from meterbook.records.platform.turns import one_at_a_time
from meterbook.records.service_orders.opening import open_order
from meterbook.records.tasks.opening import open_task

_DEVELOPMENT = ("System development charge", "Cargo por desarrollo del sistema")


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be quoted: kind, size and how many meters, measured quantities, meters there before, other credits.

    ``credits`` are (words, cents above zero): money paid ahead, work the owner did.
    """

    kind: str
    size: str
    meters: int
    asked: Mapping[str, Decimal]
    before: Mapping[str, int]
    credits: Sequence[tuple[str, int]] = ()


@dataclass(frozen=True, slots=True)
class ToWhom:
    """Whom a quote is for."""

    name: str
    mail: Sequence[str]
    language: str
    account: Account | None = None


@operation("new_service.issue_quote", roles={CSR, BILLING, SUPERVISOR})
def issue_quote(deed: Deed, *, premise: Premise, work: Work, to: ToWhom, permit: Permit | None = None) -> Quote:
    """Work a quote out by the policies of the day and issue it.

    Raises `WrongInstallation`, `NoSuchSize`, `NewServiceRefused`, `NoPolicy`.
    """
    if not to.name.strip() or not [line for line in to.mail if line.strip()]:
        raise NewServiceRefused(Step(N_("A quote has a name and an address it is sent to.")))
    document, rules = installation_on(deed.business_date)
    lines = worked_out(work, deed)
    kind = rules.kinds[work.kind]
    made = Quote.objects.create(
        number=_next_number(deed), permit=permit, premise=premise, account=to.account, name=to.name.strip(),
        mail=[line.strip() for line in to.mail if line.strip()], language=to.language, kind=work.kind,
        words_en=kind.words["en"], words_es=kind.words["es"], service=kind.service, size=work.size,
        meters=work.meters, asked=_kept(work), lines=lines, total_cents=sum(line[-1] for line in lines),
        issued_on=deed.business_date, valid_until=deed.business_date + timedelta(days=rules.valid_days),
        document=document, deed=deed,
    )  # fmt: skip
    tell(deed, "new_service.quote_issued", quote=made.pk, premise=premise.pk, cents=made.total_cents)
    return made


def worked_out(work: Work, deed: Deed) -> list[list[Any]]:
    """The lines of a quote: the work, the development charge with its credit, other credits below zero."""
    _, rules = installation_on(deed.business_date)
    lines: list[list[Any]] = [
        [one.code, one.words["en"], one.words["es"], str(one.quantity), one.unit, one.price, one.cents]
        for one in rules.quote(work.kind, work.size, meters=work.meters, asked=work.asked)
    ]
    charged_by = rules.kinds[work.kind].charged_by
    if charged_by and work.size:
        _, charges = development_on(deed.business_date)
        whole, _ = charges.charge(charged_by, {work.size: work.meters}, {})
        net, _ = charges.charge(charged_by, {work.size: work.meters}, dict(work.before))
        lines.append(["development", *_DEVELOPMENT, str(work.meters), "", 0, whole])
        if net != whole:
            words = ", ".join(f"{count} × {size}″" for size, count in work.before.items())
            lines.append(["credit_before", f"Credit for {words} before", f"Crédito por {words} anterior", "1", "", 0,
                          net - whole])  # fmt: skip
    for words, cents in work.credits:
        if cents <= 0 or not words.strip():
            raise NewServiceRefused(Step(N_("A credit has words and an amount above zero.")))
        lines.append(["credit", words.strip()[:120], words.strip()[:120], "1", "", 0, -cents])
    if sum(line[-1] for line in lines) < 0:
        raise NewServiceRefused(Step(N_("The credits are more than the work costs.")))
    return lines


@operation("new_service.accept_quote", roles={BILLING, SUPERVISOR})
def accept_quote(deed: Deed, *, quote: Quote, service_point: ServicePoint | None = None) -> Quote:
    """The customer accepts: connections are bought for the parcel, the work is ordered, the money is asked for.

    ``service_point`` is where the meter will hang, if it is on record. With an account the development charge is asked
    for at once (a second person agrees to it); the rest is a task of billing until it is charged. Accepting again
    changes nothing. Raises `NewServiceRefused` for a quote withdrawn or no longer valid, `PlaceRefused`, `OwnAccount`.
    """
    found = _locked(quote)
    if found.state == Quote.ACCEPTED:
        return found
    if found.state != Quote.ISSUED or deed.business_date > found.valid_until:
        raise NewServiceRefused(
            Step(N_("Quote {number} held until {day} and is {state}. Issue another."),
                 {"number": found.number, "day": str(found.valid_until), "state": found.state})
        )  # fmt: skip
    if found.service in ("water", "electricity") and found.size:
        buy(deed, parcel=found.premise.parcel, commodity=found.service, size=found.size, quantity=found.meters,
            starts=deed.business_date, origin=f"Quote {found.number}")  # fmt: skip
    open_order(
        deed, kind="set", service_point=service_point, premise=found.premise, account=found.account,
        reason=f"Quote {found.number}", source=("quote", found.pk),
        details={"size": found.size, "quote": found.number, "meters": found.meters,
                 **({"permit": found.permit.number} if found.permit else {})},
    )  # fmt: skip
    _ask_for_the_money(deed, found)
    _end(deed, found, Quote.ACCEPTED)
    tell(deed, "new_service.quote_accepted", quote=found.pk, cents=found.total_cents)
    return found


def _ask_for_the_money(deed: Deed, found: Quote) -> None:
    """The development charge goes its own way; what is left, or what credits exceed the work by, is somebody's task."""
    asked = 0
    development = [line for line in found.lines if line[0] in ("development", "credit_before")]
    if found.account is not None and sum(line[-1] for line in development) > 0:
        act = Act(actor=deed.actor, business_date=deed.business_date, reason=f"Quote {found.number}")
        made = ask_development(
            act, account=found.account, premise=found.premise, service=found.service, new={found.size: found.meters},
            before=dict(found.asked["before"]),
        )  # fmt: skip
        asked = made.amount_cents
    left = found.total_cents - asked
    if left > 0:
        said = Step(N_("Charge {amount} for the work of quote {number}"),
                    {"amount": f"${dollars(left):,.2f}", "number": found.number})  # fmt: skip
        open_task(deed, kind="new_service.charge", subject=f"quote:{found.pk}", title=said, due_on=deed.business_date,
                  role=BILLING, link=("quote", [found.pk]))  # fmt: skip
    elif left < 0:
        said = Step(N_("Credit {amount} of quote {number}: its credits are more than the work, its charge is whole"),
                    {"amount": f"${dollars(-left):,.2f}", "number": found.number})  # fmt: skip
        open_task(deed, kind="new_service.credit", subject=f"quote:{found.pk}", title=said, due_on=deed.business_date,
                  role=BILLING, link=("quote", [found.pk]))  # fmt: skip


@operation("new_service.withdraw_quote", roles={CSR, BILLING, SUPERVISOR})
def withdraw_quote(deed: Deed, *, quote: Quote) -> Quote:
    """Take a quote back that nobody accepted; the deed's reason says why. Raises `NewServiceRefused`."""
    found = _locked(quote)
    if found.state != Quote.ISSUED or not deed.reason.strip():
        raise NewServiceRefused(Step(N_("Only a quote that was issued and not accepted is withdrawn, with a reason.")))
    _end(deed, found, Quote.WITHDRAWN)
    tell(deed, "new_service.quote_withdrawn", quote=found.pk)
    return found


def _locked(quote: Quote) -> Quote:
    rows = Quote.objects.select_for_update(of=("self",)).select_related("premise__parcel", "account", "permit")
    return rows.get(pk=quote.pk)


def _end(deed: Deed, found: Quote, state: str) -> None:
    found.state, found.ended_by = state, deed
    found.save(update_fields=["state", "ended_by"])


def _next_number(deed: Deed) -> str:
    """The next number of the year, like Q-2026-00012; whoever asks meanwhile waits."""
    one_at_a_time("new_service.quote_number")
    start = f"Q-{deed.business_date.year}-"
    last = Quote.objects.filter(number__startswith=start).order_by("-number").values_list("number", flat=True).first()
    return f"{start}{int(last.rpartition('-')[2]) + 1 if last else 1:05d}"


def _kept(work: Work) -> dict[str, Any]:
    return {
        "asked": {name: str(one) for name, one in work.asked.items()}, "before": dict(work.before),
        "credits": [list(one) for one in work.credits],
    }  # fmt: skip
