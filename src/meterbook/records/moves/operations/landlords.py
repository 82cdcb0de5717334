"""Landlords' agreements: opened for any number of premises at once, ended, and the service taken back meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from meterbook.engine.trace import N_, Step
from meterbook.records.customers.models import Account
from meterbook.records.customers.relations import refuse_own
from meterbook.records.moves.looking.standing import cycle_of
from meterbook.records.moves.models import LandlordAgreement
from meterbook.records.moves.refusals import MoveRefused
from meterbook.records.places.models import Premise
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, CSR, SUPERVISOR


@operation("moves.open_landlord_agreement", roles={CSR, BILLING, SUPERVISOR})
def open_agreement(
    deed: Deed, *, account: Account, premises: Sequence[Premise], starts: date, evidence: str,
    after_cutoff: bool = False,
) -> list[LandlordAgreement]:  # fmt: skip
    """Let the owner's ``account`` take service over between tenants at some premises, from a day on.

    Raises `MoveRefused`: no premise, no evidence, an agreement there already, another cycle, a closed account.
    """
    refuse_own(deed.actor, account, deed.business_date)
    if not premises or not evidence.strip():
        raise MoveRefused(Step(N_("Name the premises, and what was signed.")))
    if account.closed_on is not None:
        raise MoveRefused(Step(N_("Account {number} is closed; open a new one."), {"number": account.number}))
    made = []
    for premise in premises:
        about = {"address": premise.address, "number": account.number}
        if LandlordAgreement.objects.filter(premise=premise, validity__overlap=(starts, None)).exists():
            raise MoveRefused(Step(N_("{address} has a landlord's agreement already."), {**about}))
        cycle = cycle_of(premise, starts)
        if cycle is not None and cycle.pk != account.cycle_id:
            raise MoveRefused(
                Step(N_("{address} is billed in cycle {cycle}, account {number} is not: the owner needs one there."),
                     {**about, "cycle": cycle.code})
            )  # fmt: skip
        made.append(
            LandlordAgreement.objects.create(
                owner=account.holder, account=account, premise=premise, after_cutoff=after_cutoff,
                evidence=evidence.strip(), validity=(starts, None), deed=deed,
            )
        )  # fmt: skip
    tell(deed, "moves.landlord_agreement_opened", account=account.pk, premises=[one.premise_id for one in made])
    return made


@operation("moves.end_landlord_agreement", roles={CSR, BILLING, SUPERVISOR})
def end_agreement(deed: Deed, *, agreement: LandlordAgreement, ends: date) -> LandlordAgreement:
    """Let an agreement end: ``ends`` is the first day service no longer reverts. Raises `MoveRefused`."""
    refuse_own(deed.actor, agreement.account, deed.business_date)
    found = LandlordAgreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
    if found.validity.upper is not None or found.validity.lower >= ends:
        raise MoveRefused(Step(N_("The agreement begins on {day} and ends after that day, once."),
                               {"day": found.validity.lower}))  # fmt: skip
    found.validity = (found.validity.lower, ends)
    found.save()
    tell(deed, "moves.landlord_agreement_ended", agreement=found.pk, ends=ends.isoformat())
    return found
