"""Deciding on findings: explained, opened again, somebody's work. Many at once or one; all or none."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence

from meterbook.records.billing.integrity.models import AuditFinding
from meterbook.records.billing.integrity.refusals import FindingMoved, NoExplanation, OwnerCannotWork
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed, User
from meterbook.records.platform.roles import BILLING, SUPERVISOR, roles_of


def token_of(findings: Iterable[AuditFinding]) -> str:
    """A mark of exactly these findings as they stand: what was shown is what is decided."""
    rows = [[row.pk, row.state, row.kind, row.facts] for row in sorted(findings, key=lambda row: row.pk)]
    return hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()


@operation("billing.explain_findings", roles={BILLING, SUPERVISOR})
def explain_findings(deed: Deed, *, findings: Sequence[int], token: str = "") -> int:
    """Say why open findings are as they should be; the deed's reason is the explanation. Returns how many.

    They stay explained while their facts stay the same. Raises `NoExplanation`, and `FindingMoved` where one is not
    open or ``token`` is not that of the findings as they stand.
    """
    if not deed.reason.strip():
        raise NoExplanation
    rows = _locked(findings, AuditFinding.OPEN, token)
    for row in rows:
        row.state, row.decided_by = AuditFinding.EXPLAINED, deed
        row.save(update_fields=["state", "decided_by"])
        tell(deed, "billing.finding_explained", finding=row.pk, kind=row.kind, subject=row.subject, why=deed.reason)
    return len(rows)


@operation("billing.reopen_finding", roles={BILLING, SUPERVISOR})
def reopen_finding(deed: Deed, *, finding: AuditFinding) -> AuditFinding:
    """Take an explanation back, and say why. Raises `NoExplanation`, `FindingMoved`."""
    if not deed.reason.strip():
        raise NoExplanation
    (row,) = _locked([finding.pk], AuditFinding.EXPLAINED, "")
    row.state, row.decided_by = AuditFinding.OPEN, deed
    row.save(update_fields=["state", "decided_by"])
    tell(deed, "billing.finding_reopened", finding=row.pk, kind=row.kind, subject=row.subject)
    return row


@operation("billing.assign_findings", roles={BILLING, SUPERVISOR})
def assign_findings(deed: Deed, *, findings: Sequence[int], owner: User | None) -> int:
    """Make open findings somebody's work, or nobody's. Raises `OwnerCannotWork`, `FindingMoved`."""
    if owner is not None and not roles_of(owner, deed.business_date) & {BILLING, SUPERVISOR}:
        raise OwnerCannotWork(name=str(owner))
    rows = _locked(findings, AuditFinding.OPEN, "")
    for row in rows:
        row.owner = owner
        row.save(update_fields=["owner"])
        tell(deed, "billing.finding_assigned", finding=row.pk, owner=owner.pk if owner else None)
    return len(rows)


def _locked(findings: Sequence[int], state: str, token: str) -> list[AuditFinding]:
    """The findings under lock, each in ``state``."""
    wanted = set(findings)
    rows = list(AuditFinding.objects.select_for_update(of=("self",)).filter(pk__in=wanted, state=state).order_by("pk"))
    if not wanted or len(rows) != len(wanted) or (token and token != token_of(rows)):
        raise FindingMoved
    return rows
