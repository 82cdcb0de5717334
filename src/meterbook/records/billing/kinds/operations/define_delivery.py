"""A delivery point to another agency: its two meters, under the code its agreement has in the policy ``wholesale``."""

from __future__ import annotations

from meterbook.records.billing.kinds.terms import terms_of
from meterbook.records.billing.models import WholesaleDelivery
from meterbook.records.customers.models import ServiceAgreement
from meterbook.records.places.models import ServicePoint
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, SUPERVISOR


class WrongDelivery(ValueError):
    """The two points are one, serve different things, are used already, or the check point has a customer."""


@operation("billing.define_delivery", roles={BILLING, SUPERVISOR})
def define_delivery(deed: Deed, *, code: str, point: ServicePoint, check_point: ServicePoint) -> WholesaleDelivery:
    """Pair the meter at ``point``, whose account pays, with the one at ``check_point``, which nobody pays for.

    Raises `WrongDelivery`, and `NoPolicy` where the policy ``wholesale`` has no agreement of that code.
    """
    terms_of(code, deed.business_date)
    if point.pk == check_point.pk or point.commodity != check_point.commodity:
        raise WrongDelivery(f"{point.code} and {check_point.code}: expected two meters of the same service")
    taken = WholesaleDelivery.objects.filter(code=code).first()
    if taken is not None or _used(point) or _used(check_point):
        raise WrongDelivery(f"{code}: the code, {point.code} or {check_point.code} is part of a delivery already")
    if ServiceAgreement.objects.filter(service_point=check_point, validity__contains=deed.business_date).exists():
        raise WrongDelivery(f"{check_point.code} is served for a customer; a check meter has none")
    made = WholesaleDelivery.objects.create(code=code, point=point, check_point=check_point, deed=deed)
    tell(deed, "billing.delivery_defined", delivery=made.pk, code=code)
    return made


def _used(point: ServicePoint) -> bool:
    return (
        WholesaleDelivery.objects.filter(point=point).exists()
        or WholesaleDelivery.objects.filter(check_point=point).exists()
    )
