"""The daily audit of every meter account."""

from __future__ import annotations

from dataclasses import dataclass

from meterbook.records.billing.integrity.settings import settings_on
from meterbook.records.billing.integrity.sweep import Compared, compare, look
from meterbook.records.billing.integrity.today import lay_out
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, SUPERVISOR


@dataclass(frozen=True, slots=True)
class Audited:
    """What was looked at, and what came of it."""

    parcels: int
    points: int
    meters: int
    agreements: int
    compared: Compared

    @property
    def found(self) -> int:
        """Defects that hold now."""
        return sum(self.compared.by_check.values())


@operation("billing.audit_accounts", roles={BILLING, SUPERVISOR})
def audit_accounts(deed: Deed) -> Audited:
    """Reconcile parcels, connections, points, meters, accounts, schedules and bills, as of the business date.

    What holds for the first time is raised; what no longer holds is resolved by this deed; what was explained on facts
    that have changed is opened again. A second run on the same day changes nothing. Raises `NoPolicy` and
    `WrongIntegrityPolicy`.
    """
    day = deed.business_date
    configured = settings_on(day)
    counts = lay_out(day)
    compared = compare(deed, look(configured, day), day)
    audited = Audited(**counts, compared=compared)
    tell(
        deed, "billing.accounts_audited", on=day.isoformat(), **counts, found=audited.found, raised=compared.raised,
        reopened=compared.reopened, resolved=compared.resolved, by_check=compared.by_check,
    )  # fmt: skip
    return audited
