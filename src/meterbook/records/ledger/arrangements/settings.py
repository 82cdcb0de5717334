"""The policy of extensions and arrangements in force on a day."""

from __future__ import annotations

from datetime import date

from meterbook.engine.collections.arrangements.rules import Rules, parse_arrangements
from meterbook.records.platform.models import Document
from meterbook.records.platform.policies import policy_as


def rules_on(day: date) -> tuple[Document, Rules]:
    """The rules and their document. Raises `NoPolicy`."""
    return policy_as("arrangements", day, parse_arrangements)
