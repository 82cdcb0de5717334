"""What the forms of security do, and where each goes after."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from meterbook.records.security import screens
from meterbook.records.security.assessing import Terms
from meterbook.records.security.operations.assess import assess_deposit, request_assessment
from meterbook.records.security.operations.decide import decide_security
from meterbook.records.security.operations.give_back import request_give_back
from meterbook.records.security.operations.instruments import (
    Facts,
    Proof,
    add_instrument,
    release_instrument,
    renew_instrument,
    request_draw,
)
from meterbook.records.security.operations.move import request_move
from meterbook.records.security.seconds import NeedsSecond
from meterbook.web.kit.access import act


def terms_of(given: dict[str, Any]) -> Terms:
    """What was typed, as the computation takes it."""
    return Terms(
        standing=given["standing"], parts=given["parts"], waiver=given["waiver"], waived_cents=given["waived"],
        year_cents=given["year"],
    )  # fmt: skip


def assessed(request: HttpRequest, account: Any, given: dict[str, Any]) -> str:
    """Ask for the deposit, or ask a second person where that is needed."""
    terms = terms_of(given)
    try:
        made = assess_deposit(act(request, "deposit assessed"), account=account, terms=terms)
    except NeedsSecond:
        return waits(request, request_assessment(act(request, "deposit assessed"), account=account, terms=terms))
    said = gettext("The deposit is asked for.") if made.asked_cents else gettext("No deposit is asked for.")
    messages.success(request, said)
    return reverse("account_security", args=[account.number])


def waits(request: HttpRequest, asked: Any) -> str:
    """Say that a second person was asked; the request's page."""
    messages.success(request, gettext("A second person has been asked."))
    return reverse("security_request", args=[asked.pk])


def given_back(request: HttpRequest, accounts: list[Any], given: dict[str, Any]) -> str:
    """Ask a second person to give deposits back."""
    asked = request_give_back(act(request, given["reason"]), accounts=accounts, way=given["way"], early=given["early"])
    return waits(request, asked)


def moved(request: HttpRequest, account: Any, given: dict[str, Any]) -> str:
    """Ask a second person to move what is held."""
    return waits(request, request_move(act(request, "deposit moves along"), account=account, to=given["to"]))


def decided(request: HttpRequest, asked: Any, given: dict[str, Any]) -> str:
    """Do it or refuse it; the account's page, or the list."""
    approve = request.POST.get("decision") == "approve"
    decide_security(act(request, given["reason"]), request=asked, approve=approve)
    messages.success(request, gettext("Done.") if approve else gettext("Refused."))
    number = asked.preview.get("account")
    return reverse("account_security", args=[number]) if number else reverse("deposit_refunds")


def _proofs(found: Any) -> list[Proof]:
    return [] if found is None else [Proof(found.name, found.content_type or "application/octet-stream", found.read())]


def added(request: HttpRequest, account: Any, given: dict[str, Any]) -> str:
    """Take an instrument in."""
    facts = Facts(
        kind=given["kind"], issuer=given["issuer"], amount_cents=given["amount"] or 0, starts=given["starts"],
        ends=given["ends"], number=given["number"], guarantor=given["guarantor"], petition_on=given["petition_on"],
        chapter=given["chapter"],
    )  # fmt: skip
    made = add_instrument(act(request, "taken in"), account=account, facts=facts, proofs=_proofs(given["proof"]))
    messages.success(request, gettext("The instrument is on record."))
    return reverse("instrument", args=[made.pk])


def changed(request: HttpRequest, instrument_id: int, how: str, given: dict[str, Any]) -> str:
    """Renew an instrument, give it back, or ask to draw on it."""
    one, why = screens.instrument_numbered(instrument_id), act(request, given["reason"])
    assert one is not None
    if how == "draw":
        return waits(request, request_draw(why, instrument=one, amount_cents=given["amount"]))
    if how == "renew":
        renew_instrument(why, instrument=one, ends=given["ends"], proofs=_proofs(given["proof"]))
    else:
        release_instrument(why, instrument=one)
    return reverse("instrument", args=[instrument_id])
