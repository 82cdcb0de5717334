"""A register's multiplier was on record wrongly: it is set right, and all usage it made is derived anew."""

from __future__ import annotations

from decimal import Decimal

from django.db import connection
from django.db.models import Min

from meterbook.records.metering.derive import store_usage
from meterbook.records.metering.models import Read, Register
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, METER_SHOP, SUPERVISOR


class WrongMultiplier(ValueError):
    """The multiplier is not above zero, is on record already, or nobody says why it was wrong."""


@operation("metering.correct_multiplier", roles={METER_SHOP, BILLING, SUPERVISOR})
def correct_multiplier(deed: Deed, *, register: Register, multiplier: Decimal) -> int:
    """Set a register's multiplier for its whole life and supersede every usage made with the old one.

    Bills made from that usage stand until a correction case bills their days again. Returns the usages made anew;
    raises `WrongMultiplier`.
    """
    found = Register.objects.select_for_update(of=("self",)).select_related("meter").get(pk=register.pk)
    if not deed.reason.strip():
        raise WrongMultiplier(f"meter {found.meter.serial}: say how the right multiplier is known")
    if multiplier <= 0 or multiplier == found.multiplier:
        raise WrongMultiplier(f"meter {found.meter.serial}: found {multiplier}, on record is {found.multiplier}")
    before, found.multiplier = found.multiplier, multiplier
    found.save(update_fields=["multiplier"])
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE metering_usage SET superseded = true WHERE register_id = %s AND NOT superseded", [found.pk]
        )
    first = Read.objects.filter(register=found).aggregate(first=Min("read_on"))["first"]
    made = store_usage(deed, [found.pk], since=first)[0] if first is not None else 0
    tell(deed, "metering.multiplier_corrected", register=found.pk, before=str(before), becomes=str(multiplier))
    return made
