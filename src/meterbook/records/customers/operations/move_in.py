"""Moving in: an account takes over the service points of a premise from a day on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
    agreements = begin_service(
        deed, account=account, premise=premise, starts=starts, schedules=schedules,
        gives_way=lambda served: owner is not None and served.account.holder_id == owner.pk,
    )  # fmt: skip
    if owner is not None and owner.pk != account.holder_id:
        AccountPerson.objects.create(account=account, person=owner, part="owner", validity=(starts, None))
    tell(deed, "customers.moved_in", account=account.pk, premise=premise.pk, starts=starts.isoformat())
    return agreements


def begin_service(
    deed: Deed, *, account: Account, premise: Premise, starts: date, schedules: Mapping[str, str] | None,
    gives_way: Callable[[ServiceAgreement], bool],
) -> list[ServiceAgreement]:  # fmt: skip
    """Begin service as part of another deed; see `move_in`. ``gives_way`` says whose service ends that day."""
    points = list(ServicePoint.objects.filter(premise=premise, validity__contains=starts).order_by("code"))
    if not points:
        raise CannotMoveIn(f"{premise.address} has no service point on {starts}")
    chosen = schedules or {}
    elsewhere = sorted(set(chosen) - {point.code for point in points})
    if elsewhere:
        raise CannotMoveIn(f"{', '.join(elsewhere)}: not a service point of {premise.address}")
    agreements = []
    for point in points:
        served = ServiceAgreement.objects.select_for_update(of=("self",)).filter(service_point=point)
        last = served.select_related("account__holder", "schedule").order_by("-validity").first()
        code = chosen.get(point.code) or (last.schedule.code if last else "")
        schedule = Schedule.objects.filter(code=code).first()
        if schedule is None:
            raise CannotMoveIn(f"{point.code}: found schedule {code!r}, expected a schedule on record")
        row = ServiceAgreement(service_point=point, validity=(starts, None), deed=deed)
        if last is not None and (last.validity.upper is None or last.validity.upper > starts):
            row = _gave_way(last, row, gives_way=gives_way(last), starts=starts)
        row.account, row.schedule = account, schedule
        row.save()
        agreements.append(row)
    return agreements


def _gave_way(
    last: ServiceAgreement, row: ServiceAgreement, *, gives_way: bool, starts: date
) -> ServiceAgreement:  # fmt: skip
    """Let the owner's service between two tenants end; anyone else's must be moved out first.

    An owner's service that would have begun the same day never did: its row is the newcomer's.
    """
    begins = last.validity.lower
    if not gives_way or begins > starts:
        raise CannotMoveIn(
            f"{last.service_point.code} is served for account {last.account.number} on {starts}; "
            "expected it to be moved out first"
        )
    if begins == starts:
        return last
    last.validity = (begins, starts)
    last.save()
    return row
