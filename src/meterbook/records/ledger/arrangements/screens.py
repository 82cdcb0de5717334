"""What pages show of extensions and arrangements."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import F, Max, QuerySet

from meterbook.engine.money import dollars
from meterbook.engine.trace import N_, Step
from meterbook.records.ledger.arrangements.models import PaymentArrangement, PaymentExtension
from meterbook.records.ledger.arrangements.settings import rules_on
from meterbook.records.ledger.arrangements.standing import (
    ArrangementStands,
    ExtensionStands,
    arrangements_on,
    extensions_on,
    of_account,
)
from meterbook.records.platform.happenings import Happening
from meterbook.records.platform.models import Approval


def arrangements() -> QuerySet[PaymentArrangement, Any]:
    """Every plan with its account."""
    return PaymentArrangement.objects.annotate(last_due=Max("parts__due_on")).values(
        "id", "state", "amount_cents", "last_due", number=F("account__number"), name=F("account__holder__name"),
        agreed_on=F("deed__business_date"), by=F("deed__actor__username"),
    )  # fmt: skip


def with_standing(rows: list[dict[str, Any]], day: date) -> None:
    """Add to each row what is open and behind of its plan on a day, and the next part."""
    found = PaymentArrangement.objects.filter(pk__in=[row["id"] for row in rows])
    at = {each.arrangement.pk: each.stands for each in arrangements_on(list(found), day)}
    for row in rows:
        mine = at[row["id"]]
        row |= {
            "open_cents": mine.open_cents, "behind_cents": mine.behind_cents, "stands": mine.state,
            "next_due": mine.next_due.due_on if mine.next_due else None,
        }  # fmt: skip


def extensions() -> QuerySet[PaymentExtension, Any]:
    """Every extension with its account."""
    return PaymentExtension.objects.values(
        "id", "until", "amount_cents", "account_id", "promised_by", number=F("account__number"),
        name=F("account__holder__name"), given_on=F("deed__business_date"), by=F("deed__actor__username"),
    )  # fmt: skip


def with_states(rows: list[dict[str, Any]], day: date) -> None:
    """Add to each row what is open of its promise on a day, and whether it was kept."""
    known: dict[int, ExtensionStands] = {}
    for account in {row["account_id"] for row in rows}:
        known |= {each.extension.pk: each for each in extensions_on(account, day)}
    for row in rows:
        mine = known[row["id"]]
        row |= {"state": state_of(mine), "open_cents": 0 if mine.extension.cancelled_id else mine.stands.open_cents}


def state_of(each: ExtensionStands) -> str:
    """How a promise stands, as a code of the vocabulary ``extension_state``."""
    return "taken_back" if each.extension.cancelled_id else each.stands.parts[0].state


def find_arrangement(arrangement_id: int, day: date) -> ArrangementStands | None:
    """One plan as it stands on a day."""
    about = ("account__holder", "deed__actor", "ended__actor", "document", "approval__requested_by", "order")
    rows = list(PaymentArrangement.objects.filter(pk=arrangement_id).select_related(*about))
    return arrangements_on(rows, day)[0] if rows else None


def find_extension(extension_id: int) -> PaymentExtension | None:
    """One extension."""
    return PaymentExtension.objects.filter(pk=extension_id).select_related("account__holder", "deed__actor").first()


def asked_about(arrangement: PaymentArrangement) -> Approval | None:
    """The request about a plan that waits for a second person."""
    found = arrangement.approval
    return found if found is not None and found.status == Approval.PENDING else None


def latest_first_due(day: date) -> date:
    """The last day on which a plan's first instalment may be due."""
    return day + timedelta(days=rules_on(day)[1].arrangement.first_within_days)


def rhythms(day: date) -> tuple[str, ...]:
    """How often the parts of a plan may come."""
    return rules_on(day)[1].arrangement.every


def happened(account_id: int, since: date, *, day: date) -> list[Happening]:
    """What was agreed with an account, for its timeline."""
    told = []
    for promise in extensions_on(account_id, day):
        given = promise.extension.deed
        if given.business_date >= since:
            step = Step(
                N_("More time for {amount}, until {day}"),
                {"amount": _money(promise.extension.amount_cents), "day": promise.extension.until},
            )
            told.append(Happening(given.business_date, "arrangement", step, given.recorded_at, by=str(given.actor)))
    for plan in of_account(account_id, day):
        made = plan.arrangement
        at = ("payment_arrangement", (made.pk,))
        if made.deed.business_date >= since:
            step = Step(N_("Payment arrangement over {amount}"), {"amount": _money(made.amount_cents)})
            told.append(
                Happening(made.deed.business_date, "arrangement", step, made.deed.recorded_at, at, str(made.deed.actor))
            )
        if made.ended is not None and made.ended.business_date >= since:
            step = Step(N_("Payment arrangement ended"))
            told.append(
                Happening(
                    made.ended.business_date, "arrangement", step, made.ended.recorded_at, at, str(made.ended.actor),
                    made.ended.reason,
                )
            )  # fmt: skip
    return told


def _money(cents: int) -> str:
    return f"${dollars(cents):,.2f}"
