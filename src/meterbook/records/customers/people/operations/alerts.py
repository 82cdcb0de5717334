"""Alerts of an account: what whoever opens it must see at once."""

from __future__ import annotations

from datetime import date

from meterbook.engine.trace import N_, Step
from meterbook.records.customers.models import Account, Alert
from meterbook.records.customers.people.refusals import PersonRefused
from meterbook.records.customers.people.words import PEOPLE
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, CREW, CSR, METER_SHOP, SUPERVISOR


@operation("customers.raise_alert", roles={CSR, BILLING, SUPERVISOR, METER_SHOP, CREW})
def raise_alert(
    deed: Deed, *, account: Account, kind: str, words: str, starts: date, ends: date | None = None
) -> Alert:
    """Put an alert on an account from a day up to, not including, another. Raises `PersonRefused`."""
    if kind not in PEOPLE["alert"]:
        raise ValueError(f"found alert {kind!r}, expected one of {', '.join(PEOPLE['alert'])}")
    if ends is not None and ends <= starts:
        raise PersonRefused(Step(N_("The alert ends after it begins.")))
    if kind == "note" and not words.strip():
        raise PersonRefused(Step(N_("Say what everybody should know.")))
    standing = Alert.objects.filter(account=account, kind=kind, validity__overlap=(starts, ends))
    if standing.filter(words=words.strip()).exists():
        raise PersonRefused(Step(N_("The same alert stands already.")))
    made = Alert.objects.create(account=account, kind=kind, words=words.strip(), validity=(starts, ends), deed=deed)
    tell(deed, "customers.alert_raised", account=account.pk, alert=made.pk, kind=kind)
    return made


@operation("customers.end_alert", roles={CSR, BILLING, SUPERVISOR})
def end_alert(deed: Deed, *, account: Account, alert_id: int, ends: date) -> Alert:
    """Take an alert off; one that begins and ends on one day never stood. Raises `PersonRefused`."""
    alert = Alert.objects.select_for_update().filter(pk=alert_id, account=account).first()
    if alert is None or (alert.validity.upper is not None and alert.validity.upper <= ends):
        raise PersonRefused(Step(N_("This alert has ended already.")))
    if ends <= alert.validity.lower:
        raise PersonRefused(
            Step(N_("The alert stands since {day}; it ends after that day."), {"day": alert.validity.lower})
        )
    alert.validity = (alert.validity.lower, ends)
    alert.save()
    tell(deed, "customers.alert_ended", account=account.pk, alert=alert.pk)
    return alert
