"""A holder's new name, a business's new name, or the estate of a holder who died: the account goes on."""

from __future__ import annotations

from meterbook.engine.trace import N_, Step
from meterbook.records.customers.models import Account, AccountPerson, Person
from meterbook.records.customers.operations.open_account import new_person
from meterbook.records.customers.relations import refuse_own
from meterbook.records.moves.models import FormerName
from meterbook.records.moves.refusals import MoveRefused
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, CSR, SUPERVISOR

WHYS = ("name", "business", "estate")
_LONGEST = 160


@operation("moves.change_name", roles={CSR, BILLING, SUPERVISOR})
def change_name(
    deed: Deed, *, account: Account, why: str, name: str = "", speaks: str = "", phone: str = ""
) -> Account:  # fmt: skip
    """Give the holder a new name, on the same account; the former one is still found. Says what proves it.

    ``estate``: the account's holder becomes the estate, and ``speaks`` (executor, next of kin) may speak for it.
    Raises `MoveRefused`, `OwnAccount`.
    """
    refuse_own(deed.actor, account, deed.business_date)
    holder = Person.objects.select_for_update().get(pk=account.holder_id)
    wanted = name.strip() or (f"Estate of {holder.name}" if why == "estate" else "")
    if why not in WHYS or not wanted or len(wanted) > _LONGEST or wanted == holder.name:
        raise MoveRefused(Step(N_("Type the new name.")))
    if not deed.reason.strip():
        raise MoveRefused(Step(N_("Say what proves it.")))
    FormerName.objects.create(person=holder, name=holder.name, until=deed.business_date, why=why, deed=deed)
    if why == "estate":
        _estate(deed, account, holder, wanted, speaks.strip(), phone)
    else:
        holder.name = wanted
        holder.save()
    tell(deed, "moves.name_changed", account=account.pk, why=why)
    return Account.objects.select_related("holder").get(pk=account.pk)


def _estate(deed: Deed, account: Account, holder: Person, name: str, speaks: str, phone: str) -> None:
    """The estate holds the account; who died stays on record as who it was."""
    estate = new_person(deed, name=name, phone=phone or holder.phone, email="", language=holder.language)
    account.holder = estate
    account.save()
    if speaks:
        person = new_person(deed, name=speaks, phone=phone, language=holder.language)
        AccountPerson.objects.create(
            account=account, person=person, part="co_holder", validity=(deed.business_date, None)
        )
