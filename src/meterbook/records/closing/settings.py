"""The policies of closing in force on a day, read once a text."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import yaml

from meterbook.engine.ledger.closing.gl_journal import Mapping, parse_mapping
from meterbook.engine.ledger.closing.month_end import MonthEnd, parse_month_end
from meterbook.formats.gl_journal import Profile, parse_profile
from meterbook.records.platform.models import Document
from meterbook.records.platform.policies import NoPolicy, released
from meterbook.records.platform.roles import TITLES

MONTH_END, GL_JOURNAL = "month-end", "gl-journal"
#: The checks there are, one function each under `checks`.
COMPUTED = frozenset({
    "earlier_months", "runs", "corrections", "approvals", "unidentified", "suspense", "drawers", "clearing", "autopay",
    "receivables", "deposits", "remittances", "laws", "journal",
})  # fmt: skip


def month_end_document(day: date) -> Document:
    """The released policy `month-end`; raises `NoPolicy`."""
    return _released(MONTH_END, day)


def month_end_on(day: date) -> MonthEnd:
    """How months are closed on a day; raises `NoPolicy`, `WrongMonthEnd`."""
    found = month_end_document(day)
    return _month_end(found.sha256, found.body)


def gl_document(day: date) -> Document:
    """The released policy `gl-journal`; raises `NoPolicy`."""
    return _released(GL_JOURNAL, day)


def gl_journal_on(day: date) -> tuple[Mapping, Profile]:
    """How the chart maps to the city's general ledger, and how its file looks; raises `NoPolicy`, `WrongMapping`."""
    found = gl_document(day)
    return _gl(found.sha256, found.body)


def _released(code: str, day: date) -> Document:
    found = released(code, day)
    if found is None:
        raise NoPolicy(f"no policy {code} is in force on {day}")
    return found


@lru_cache(maxsize=8)
def _month_end(sha256: str, body: str) -> MonthEnd:
    """A released text read once; its fingerprint tells texts apart."""
    return parse_month_end(yaml.safe_load(body), computed=COMPUTED, roles=frozenset(TITLES))


@lru_cache(maxsize=8)
def _gl(sha256: str, body: str) -> tuple[Mapping, Profile]:
    found = yaml.safe_load(body)
    return parse_mapping(found), parse_profile(found["file"])
