"""What pages and commands show of moves and landlords."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Concat, Trim

from meterbook.engine.trace import N_, Step
from meterbook.records.customers.models import Account, Person, ServiceAgreement
from meterbook.records.moves.looking.landlords import agreement_at, cut_off
from meterbook.records.moves.models import LandlordAgreement, Move
from meterbook.records.places.finding.premises import premises_by_address, premises_by_parcel
from meterbook.records.places.models import Premise
from meterbook.records.platform.happenings import Happening
from meterbook.records.platform.models import Attachment

_FOUND = 20


def _address(premise: str) -> Trim:
    parts = (f"{premise}__street_number", Value(" "), f"{premise}__street", Value(" "), f"{premise}__unit")
    return Trim(Concat(*parts, output_field=CharField()))


def moves() -> QuerySet[Move, Any]:
    """Every move with whose it is and where."""
    return Move.objects.annotate(address=_address("premise")).values(
        "id", "kind", "state", "on", "address", "case_id", "premise_id", number=F("account__number"),
        name=F("account__holder__name"), asked_on=F("asked__business_date"), asker=F("asked__actor__username"),
    )  # fmt: skip


def find_move(move_id: int) -> Move | None:
    """One move with everything around it."""
    about = ("account__holder", "left__holder", "premise", "left_premise", "case", "corrects", "asked__actor",
             "done__actor", "ended__actor")  # fmt: skip
    return Move.objects.filter(pk=move_id).select_related(*about).first()


def due(day: date) -> list[Move]:
    """Planned moves whose day has come."""
    rows = Move.objects.filter(state=Move.PLANNED, on__lte=day).select_related("account__holder", "premise")
    return list(rows.order_by("on", "pk"))


def of_account(account_id: int) -> list[Move]:
    """The moves of an account, the newest first."""
    rows = Move.objects.filter(Q(account=account_id) | Q(left=account_id))
    return list(rows.select_related("premise", "account__holder").order_by("-on", "-pk"))


def planned_at(premise_id: int) -> list[Move]:
    """What is planned at a premise."""
    rows = Move.objects.filter(Q(premise=premise_id) | Q(left_premise=premise_id), state=Move.PLANNED)
    return list(rows.select_related("account__holder").order_by("on", "pk"))


def premises_found(text: str) -> list[Premise]:
    """Premises whose address or parcel is what was typed."""
    ids = premises_by_address(text, _FOUND) or premises_by_parcel(text, _FOUND)
    found = Premise.objects.in_bulk(ids)
    return [found[each] for each in ids if each in found]


def find_premise(premise_id: int) -> Premise | None:
    """One premise."""
    return Premise.objects.select_related("parcel").filter(pk=premise_id).first()


def find_person(person_id: int) -> Person | None:
    """One person."""
    return Person.objects.filter(pk=person_id).first()


def premises_served(account: Account, on: date) -> list[Premise]:
    """Where an account is served on a day."""
    rows = ServiceAgreement.objects.filter(account=account, validity__contains=on)
    ids = rows.values_list("service_point__premise", flat=True).distinct()
    return list(Premise.objects.filter(pk__in=ids).order_by("street", "street_number", "unit"))


def open_accounts(person_id: int) -> list[Account]:
    """The accounts a person holds that are open."""
    rows = Account.objects.filter(holder=person_id, closed_on__isnull=True)
    return list(rows.select_related("cycle", "holder").order_by("number"))


def landlords() -> QuerySet[LandlordAgreement, Any]:
    """Every landlord's agreement."""
    return LandlordAgreement.objects.annotate(address=_address("premise")).values(
        "id", "address", "evidence", "after_cutoff", "premise_id", since=F("validity__startswith"),
        ends=F("validity__endswith"), number=F("account__number"), name=F("owner__name"),
    )  # fmt: skip


def find_landlord(agreement_id: int) -> LandlordAgreement | None:
    """One landlord's agreement."""
    rows = LandlordAgreement.objects.filter(pk=agreement_id)
    return rows.select_related("owner", "account__holder", "premise").first()


def landlord_of(premise_id: int, day: date) -> tuple[LandlordAgreement | None, bool]:
    """The agreement that holds at a premise, and whether a cutoff for nonpayment bars it now."""
    return agreement_at(premise_id, day), cut_off(premise_id, day)


def landlord_premises(account_id: int, day: date) -> list[tuple[LandlordAgreement, list[ServiceAgreement]]]:
    """A landlord's premises: the agreement of each, and who is served there today."""
    rows = LandlordAgreement.objects.filter(account=account_id, validity__contains=day)
    found = []
    for one in rows.select_related("premise", "owner").order_by("premise__street", "premise__street_number"):
        served = ServiceAgreement.objects.filter(service_point__premise=one.premise, validity__contains=day)
        found.append((one, list(served.select_related("account__holder").distinct("account_id"))))
    return found


def landlord_of_tenant(account_id: int, day: date) -> list[LandlordAgreement]:
    """Agreements at the premises where an account is served by somebody else's leave: the tenant's landlords."""
    premises = ServiceAgreement.objects.filter(account=account_id, validity__contains=day)
    rows = LandlordAgreement.objects.filter(
        premise__in=premises.values("service_point__premise"), validity__contains=day
    ).exclude(account=account_id)
    return list(rows.select_related("owner", "account", "premise"))


def attachments(move_id: int) -> list[Attachment]:
    """Documents kept with a move."""
    return list(Attachment.objects.filter(subject=f"move:{move_id}").order_by("pk"))


def attachment(attachment_id: int) -> Attachment | None:
    """One document kept with a move, or nothing."""
    return Attachment.objects.filter(pk=attachment_id, subject__startswith="move:").first()


_SAID = {
    ("start", "planned"): N_("Move in planned: {address}"), ("start", "done"): N_("Moved in: {address}"),
    ("stop", "planned"): N_("Move out planned: {address}"), ("stop", "done"): N_("Moved out: {address}"),
    ("swap", "planned"): N_("Change of tenants planned: {address}"), ("swap", "done"): N_("Tenants changed: {address}"),
    ("transfer", "planned"): N_("Transfer planned: {address}"), ("transfer", "done"): N_("Transferred: {address}"),
    ("bankruptcy", "done"): N_("Bankruptcy: account split at {address}"),
}  # fmt: skip


def happened(account_id: int, since: date) -> list[Happening]:
    """Moves as lines of an account's timeline."""
    rows = Move.objects.filter(Q(account=account_id) | Q(left=account_id), on__gte=since)
    rows = rows.filter(state__in=[Move.PLANNED, Move.DONE]).select_related("premise", "asked__actor")
    return [
        Happening(
            one.on, "service", Step(_SAID.get((one.kind, one.state), N_("Move: {address}")),
                                 {"address": one.premise.address}),
            href=("move", (one.pk,)), by=str(one.asked.actor),
        )
        for one in rows
    ]  # fmt: skip


def is_planned(move: Move) -> bool:
    """Whether something of a move still waits for its day."""
    return move.state == Move.PLANNED


class NoSuchAccount(LookupError):
    """No account has that number; ``step`` is the sentence."""

    def __init__(self, number: str) -> None:
        self.step = Step(N_("There is no account {number}."), {"number": number[:20]})
        super().__init__(self.step.words(str))


class NoSuchPremise(LookupError):
    """No premise, or several, at an address; ``step`` is the sentence."""

    def __init__(self, text: str, found: int) -> None:
        self.step = Step(N_("“{text}”: {found} premises found, expected one."), {"text": text[:60], "found": found})
        super().__init__(self.step.words(str))
