"""The daily audit of meter accounts: every night by the worker, once a business date."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from meterbook.records.billing.integrity.operations.audit_accounts import Audited, audit_accounts
from meterbook.records.billing.integrity.screens import audited_on
from meterbook.records.platform.deeds import Act
from meterbook.records.platform.policies import NoPolicy
from meterbook.records.platform.queries import NotFounded, business_date, user_named

log = logging.getLogger(__name__)


def audit_today() -> Audited | None:
    """Audit as the system, unless today's business date is audited already or the city has no policy for it."""
    try:
        today = business_date()
    except NotFounded:
        return None
    if audited_on(today):
        return None
    try:
        return audit_accounts(Act(user_named("system"), today, "daily audit of meter accounts"))
    except NoPolicy:
        log.warning("no policy account-integrity is in force on %s: accounts are not audited", today)
        return None


@app.periodic(cron="30 4 * * *")
@app.task(name="meterbook.jobs.integrity.nightly", queue="runs", queueing_lock="account-integrity")
def nightly(timestamp: int) -> None:
    """Run by the worker at 4:30 of its clock; ``timestamp`` is the second it was due, which the audit does not need."""
    found = audit_today()
    if found is not None:
        log.info("%s findings, %s new, %s resolved", found.found, found.compared.raised, found.compared.resolved)
