"""Charging the fee that restoring asks, and opening the order once it is paid or promised."""

from __future__ import annotations

from meterbook.engine.trace import N_
from meterbook.records.customers.models import Account
from meterbook.records.customers.relations import refuse_own
from meterbook.records.fees.booking import book_charges
from meterbook.records.fees.models import ServiceCharge
from meterbook.records.fees.operations.charge import new_charge
from meterbook.records.fees.settings import catalogue_on
from meterbook.records.ledger.settle import lock_accounts
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, CASHIER, CSR, FINANCE, SUPERVISOR
from meterbook.records.service_orders.models import Order
from meterbook.records.service_orders.opening import open_order
from meterbook.records.service_orders.refusals import OrderRefused
from meterbook.records.service_orders.restoring.quote import Restoration, bars, quote


class NothingOff(OrderRefused):
    """No service of the account is off for nonpayment."""

    message = N_("No service of this account is off for nonpayment.")


@operation("service_orders.charge_restoring", roles={CSR, CASHIER, BILLING, SUPERVISOR, FINANCE})
def charge_restoring(deed: Deed, *, account: Account, visit: str) -> ServiceCharge:
    """Charge the fee of the catalogue for this visit, once since service went off; returns the charge.

    Raises `NothingOff`, `OwnAccount`, `NoPolicy`.
    """
    found = _quoted(deed, account, visit)
    if found.charge is not None:
        tell(deed, "service_orders.restoring_charged", account=account.pk, charge=found.charge.pk, again=True)
        return found.charge
    made = _charge(deed, account, found)
    tell(deed, "service_orders.restoring_charged", account=account.pk, charge=made.pk, again=False)
    return made


@operation("service_orders.restore", roles={CSR, CASHIER, BILLING, SUPERVISOR, FINANCE})
def restore_service(deed: Deed, *, account: Account, visit: str) -> list[Order]:
    """Open the orders that bring service back, once everything is paid or promised.

    A promise leaves the fee on the account: it is charged here if it was not. Raises `NothingOff`, `OrderRefused` with
    what still bars it, `OwnAccount`, `NoPolicy`.
    """
    found = _quoted(deed, account, visit)
    if against := bars(found):
        raise OrderRefused(against[0].message, **against[0].values)
    if found.charge is None:
        _charge(deed, account, found)
    orders = [
        open_order(
            deed, kind="on", service_point=each.service_point, account=account, cause="nonpayment",
            wanted_on=found.visit.on(deed.business_date), source=("restore", each.pk),
            reason=f"Restore, {found.visit.words['en'].lower()}", details={"window": dict(found.visit.window)},
        )
        for each in found.off
    ]  # fmt: skip
    tell(deed, "service_orders.restoring", account=account.pk, orders=[one.pk for one in orders])
    return orders


def _charge(deed: Deed, account: Account, found: Restoration) -> ServiceCharge:
    document, catalogue = catalogue_on(deed.business_date)
    code = found.visit.hardship_fee if found.hardship else found.visit.fee
    service = found.off[0].service_point.commodity
    made = new_charge(deed, catalogue, document, account=account, fee=code, service=service, keyed=None, note="")
    book_charges(deed, [made])
    return made


def _quoted(deed: Deed, account: Account, visit: str) -> Restoration:
    lock_accounts([account.pk])
    refuse_own(deed.actor, account, deed.business_date)
    found = quote(account, deed.business_date, visit=visit)
    if found is None:
        raise NothingOff
    return found
