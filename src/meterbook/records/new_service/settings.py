"""The policy of installation costs in force on a day."""

from __future__ import annotations

from datetime import date

from meterbook.engine.billing.charges.installation import InstallationRules, parse_installation
from meterbook.records.platform.models import Document
from meterbook.records.platform.policies import policy_as


def installation_on(day: date) -> tuple[Document, InstallationRules]:
    """What installations cost, and the document that says so. Raises `NoPolicy`."""
    return policy_as("installation-costs", day, parse_installation)
