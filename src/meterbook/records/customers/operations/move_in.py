"""Moving in: an account takes over the service points of a premise from a day on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from meterbook.records.customers.models import Account, AccountPerson, Person, ServiceAgreement
from meterbook.records.places.models import Premise, ServicePoint
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, CSR, SUPERVISOR
from meterbook.records.rates.models import Schedule


class CannotMoveIn(ValueError):
    """A service point is served on that day, has no schedule, or belongs elsewhere."""


@operation("customers.move_in", roles={CSR, BILLING, SUPERVISOR})
def move_in(
    deed: Deed,
    *,
    account: Account,
    premise: Premise,
    starts: date,
    schedules: Mapping[str, str] | None = None,
    owner: Person | None = None,
) -> list[ServiceAgreement]:
    """Begin service on every point of ``premise`` for ``account`` from ``starts``.

    ``schedules`` gives the schedule per service point code; a point left out keeps the one it was last served on.
    ``owner``, where the new customer rents, is recorded as the account's owner, and the service the owner held
    between tenants (see `move_out`) ends that day. Raises `CannotMoveIn`.
    """
    points = list(ServicePoint.objects.filter(premise=premise, validity__contains=starts).order_by("code"))
    if not points:
        raise CannotMoveIn(f"{premise.address} has no service point on {starts}")
    chosen = schedules or {}
    elsewhere = sorted(set(chosen) - {point.code for point in points})
    if elsewhere:
        raise CannotMoveIn(f"{', '.join(elsewhere)}: not a service point of {premise.address}")
    agreements = []
    for point in points:
        served = ServiceAgreement.objects.select_for_update().filter(service_point=point)
        last = served.select_related("account__holder", "schedule").order_by("-validity").first()
        code = chosen.get(point.code) or (last.schedule.code if last else "")
        schedule = Schedule.objects.filter(code=code).first()
        if schedule is None:
            raise CannotMoveIn(f"{point.code}: found schedule {code!r}, expected a schedule on record")
        if last is not None and (last.validity.upper is None or last.validity.upper > starts):
            _end_owner_service(last, owner=owner, starts=starts)
        agreements.append(
            ServiceAgreement.objects.create(
                account=account, service_point=point, schedule=schedule, validity=(starts, None), deed=deed
            )
        )
    if owner is not None and owner.pk != account.holder_id:
        AccountPerson.objects.create(account=account, person=owner, part="owner", validity=(starts, None))
    tell(deed, "customers.moved_in", account=account.pk, premise=premise.pk, starts=starts.isoformat())
    return agreements


def _end_owner_service(agreement: ServiceAgreement, *, owner: Person | None, starts: date) -> None:
    """Let the owner's service between two tenants end; anyone else's must be moved out first."""
    begins = agreement.validity.lower
    if owner is None or agreement.account.holder_id != owner.pk or begins >= starts:
        raise CannotMoveIn(
            f"{agreement.service_point.code} is served for account {agreement.account.number} on {starts}; "
            "expected it to be moved out first"
        )
    agreement.validity = (begins, starts)
    agreement.save()
