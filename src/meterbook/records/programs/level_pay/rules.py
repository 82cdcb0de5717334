"""The policy ``level-pay`` in force, with the document it stands in."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import yaml

from meterbook.engine.programs.level_pay import LevelPayRules, parse_rules
from meterbook.records.platform.models import Document
from meterbook.records.platform.policies import NoPolicy, released

POLICY = "level-pay"


@lru_cache(maxsize=16)
def _parsed(document_id: int, sha256: str) -> LevelPayRules:
    return parse_rules(yaml.safe_load(Document.objects.get(pk=document_id).body))


def document_on(day: date) -> Document:
    """The release of the policy in force; raises `NoPolicy`."""
    found = released(POLICY, day)
    if found is None:
        raise NoPolicy(f"no policy {POLICY} is in force on {day}")
    return found


def rules_on(day: date) -> LevelPayRules:
    """The rules in force on a business date; raises `NoPolicy`."""
    document = document_on(day)
    return _parsed(document.pk, document.sha256)
