"""Who else has a part in an account, from when to when: adding somebody, ending somebody's part."""

from __future__ import annotations

from datetime import date

from meterbook.engine.trace import N_, Step
from meterbook.records.customers.models import Account, AccountPerson, Person
from meterbook.records.customers.people.refusals import PersonRefused
from meterbook.records.customers.relations import refuse_own
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, CSR, SUPERVISOR

PARTS = ("co_holder", "owner", "third_party", "authorised")


@operation("customers.add_part", roles={CSR, BILLING, SUPERVISOR})
def add_part(
    deed: Deed, *, account: Account, person: Person | None = None, name: str = "", phone: str = "", email: str = "",
    part: str, starts: date, ends: date | None = None,
) -> AccountPerson:  # fmt: skip
    """Give a person on file, or a new one called ``name``, a part in an account. Raises `PersonRefused`."""
    refuse_own(deed.actor, account, deed.business_date)
    if part not in PARTS:
        raise ValueError(f"found part {part!r}, expected one of {PARTS}")
    if ends is not None and ends <= starts:
        raise PersonRefused(Step(N_("The part ends after it begins.")))
    if person is None:
        if not name.strip():
            raise PersonRefused(Step(N_("Type the person's name.")))
        person = Person.objects.create(
            name=name.strip(), phone=phone.strip(), email=email.strip(), language=account.holder.language
        )
    held = AccountPerson.objects.filter(account=account, part=part, validity__overlap=(starts, ends))
    if held.filter(person=person).exists() or held.filter(person__name__iexact=person.name).exists():
        raise PersonRefused(Step(N_("{name} has this part in that time already."), {"name": person.name}))
    made = AccountPerson.objects.create(account=account, person=person, part=part, validity=(starts, ends))
    tell(deed, "customers.part_added", account=account.pk, person=person.pk, part=part)
    return made


@operation("customers.end_part", roles={CSR, BILLING, SUPERVISOR})
def end_part(deed: Deed, *, account: Account, part_id: int, ends: date) -> AccountPerson:
    """End a person's part; ``ends`` is the first day without it. Raises `PersonRefused`."""
    refuse_own(deed.actor, account, deed.business_date)
    held = AccountPerson.objects.select_for_update().filter(pk=part_id, account=account).first()
    if held is None or (held.validity.upper is not None and held.validity.upper <= ends):
        raise PersonRefused(Step(N_("This part has ended already.")))
    if ends <= held.validity.lower:
        raise PersonRefused(Step(N_("The part began on {day}; it ends after that day."), {"day": held.validity.lower}))
    held.validity = (held.validity.lower, ends)
    held.save()
    tell(deed, "customers.part_ended", account=account.pk, person=held.person_id, part=held.part)
    return held
