"""Being away, and who sees to one's tasks meanwhile (decision 26)."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import IntegrityError, transaction

from meterbook.engine.trace import N_, Step
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed, User
from meterbook.records.platform.roles import SUPERVISOR, roles_of
from meterbook.records.tasks.models import Delegation
from meterbook.records.tasks.opening import notify
from meterbook.records.tasks.people import STAFF
from meterbook.records.tasks.refusals import TaskRefused


@operation("tasks.delegate", roles=STAFF)
def delegate(deed: Deed, *, user: User, to: User, first: date, last: date) -> Delegation:
    """Let ``to`` see to the tasks of ``user`` from the first day to the last, both included.

    Everybody does this for themselves; a supervisor also for somebody who fell ill. The delegate must share a role,
    for standing in gives nobody a role. Raises `TaskRefused`.
    """
    if user.pk != deed.actor.pk and SUPERVISOR not in roles_of(deed.actor, deed.business_date):
        raise TaskRefused(Step(N_("Only a supervisor says who stands in for somebody else.")))
    if first < deed.business_date or last < first:
        raise TaskRefused(Step(N_("The first day is today or later, and the last day is not before it.")))
    if user.pk == to.pk:
        raise TaskRefused(Step(N_("Nobody stands in for themselves.")))
    if not roles_of(user, first) & roles_of(to, first) & STAFF:
        words = N_("{name} holds none of the roles of {away} on that day. Standing in gives nobody a role.")
        raise TaskRefused(Step(words, {"name": str(to), "away": str(user)}))
    try:
        with transaction.atomic():
            made = Delegation.objects.create(
                user=user, delegate=to, validity=(first, last + timedelta(days=1)), deed=deed
            )
    except IntegrityError as error:
        raise TaskRefused(
            Step(N_("Somebody stands in for {name} on one of these days already."), {"name": str(user)})
        ) from error
    words = N_("You stand in for {name} from {first} to {last}.")
    notify(deed, to, Step(words, {"name": str(user), "first": first, "last": last}), link=("tasks", []))
    tell(deed, "tasks.delegated", user=user.pk, to=to.pk)
    return made


@operation("tasks.end_delegation", roles=STAFF)
def end_delegation(deed: Deed, *, delegation: Delegation) -> Delegation:
    """Somebody is back: today is the first day on which nobody stands in. Raises `TaskRefused`."""
    found = Delegation.objects.select_for_update(of=("self",)).select_related("user", "delegate").get(pk=delegation.pk)
    if deed.actor.pk != found.user_id and SUPERVISOR not in roles_of(deed.actor, deed.business_date):
        raise TaskRefused(Step(N_("Only {name} or a supervisor ends this."), {"name": str(found.user)}))
    if found.withdrawn or found.validity.upper <= deed.business_date:
        raise TaskRefused(Step(N_("This has ended already.")))
    if deed.business_date > found.validity.lower:
        found.validity = (found.validity.lower, deed.business_date)
    else:
        found.withdrawn = True
    found.save(update_fields=["validity", "withdrawn"])
    notify(deed, found.delegate, Step(N_("You no longer stand in for {name}."), {"name": str(found.user)}))
    tell(deed, "tasks.delegation_ended", user=found.user_id)
    return found
