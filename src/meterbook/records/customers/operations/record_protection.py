"""Recording a protection: a fact with its evidence that bars a collection step while it holds."""

from __future__ import annotations

from datetime import date

from meterbook.records.customers.models import Account, Protection
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import CSR, SUPERVISOR

#: What a protection can be; what each one bars is written where collections are.
KINDS = ("medical_baseline", "life_support", "appeal", "bankruptcy_stay", "military_service")


class WrongProtection(ValueError):
    """The kind is unknown, the evidence is missing, or the same protection already holds."""


@operation("customers.record_protection", roles={CSR, SUPERVISOR})
def record_protection(
    deed: Deed, *, account: Account, kind: str, evidence: str, starts: date, ends: date | None = None
) -> Protection:
    """Record that ``kind`` protects ``account`` from ``starts`` up to, not including, ``ends``.

    Raises `WrongProtection`.
    """
    if kind not in KINDS:
        raise WrongProtection(f"found kind {kind!r}, expected one of {', '.join(KINDS)}")
    if not evidence.strip():
        raise WrongProtection(f"{kind} of account {account.number}: evidence is missing")
    if Protection.objects.filter(account=account, kind=kind, validity__overlap=(starts, ends)).exists():
        raise WrongProtection(f"account {account.number} already has {kind} in that time")
    protection = Protection.objects.create(
        account=account, kind=kind, evidence=evidence, validity=(starts, ends), deed=deed
    )
    tell(deed, "customers.protection_recorded", account=account.pk, protection=protection.pk, protects=kind)
    return protection
