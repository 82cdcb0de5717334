"""The deeds done on an account itself, for its timeline."""

from __future__ import annotations

from datetime import date

from meterbook.engine.trace import N_, Step
from meterbook.records.platform.happenings import Happening
from meterbook.records.platform.models import Deed

#: Deeds that tell of themselves here, with the kind a timeline files them under; what other areas tell is left out.
SAID: dict[str, tuple[str, str]] = {
    "customers.open_account": ("service", N_("Account opened")),
    "customers.close_account": ("service", N_("Account closed")),
    "customers.move_in": ("service", N_("Moved in")),
    "customers.move_out": ("service", N_("Moved out")),
    "customers.forward_mail": ("person", N_("Mail forwarded")),
    "customers.record_protection": ("person", N_("Protection recorded")),
    "customers.change_person": ("person", N_("Name, phone, e-mail or language changed")),
    "customers.change_mailing": ("person", N_("Mailing address changed")),
    "customers.add_part": ("person", N_("Somebody added to the account")),
    "customers.end_part": ("person", N_("Somebody's part ended")),
    "customers.raise_alert": ("person", N_("Alert put on")),
    "customers.end_alert": ("person", N_("Alert taken off")),
    "customers.declare_relation": ("person", N_("Marked as somebody's own or family's account")),
    "autopay.enrol": ("program", N_("Enrolled in autopay")),
    "programs.enrol_level_pay": ("program", N_("Enrolled in level payment")),
    "adjustments.propose_leak": ("deed", N_("Leak adjustment asked for")),
    "returns.ban_tender": ("deed", N_("A way of paying barred")),
    "refunds.propose": ("deed", N_("Refund asked for")),
    "programs.enrol_net_metering": ("program", N_("Enrolled in net metering")),
    "adjustments.propose": ("deed", N_("Adjustment asked for")),
    "fees.charge": ("deed", N_("Fee charged")),
    "fees.request_service": ("field", N_("Service asked for")),
    "security.request_assessment": ("deed", N_("Deposit asked for")),
    "ledger.set_account_order": ("deed", N_("Order of payment set")),
}


def happened(account_id: int, since: date) -> list[Happening]:
    """What was done on an account, as its deeds tell it."""
    rows = Deed.objects.filter(subject=f"account:{account_id}", kind__in=SAID, business_date__gte=since)
    return [
        Happening(deed.business_date, SAID[deed.kind][0], Step(SAID[deed.kind][1]), deed.recorded_at,
                  by=deed.actor.username, detail=deed.reason)
        for deed in rows.select_related("actor")
    ]  # fmt: skip
