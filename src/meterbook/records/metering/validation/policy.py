"""The validation rules in force, read once per released document."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import yaml

from meterbook.engine.metering.validation.configure import Configured, Entry, parse
from meterbook.records.platform.policies import released

#: What no policy can let pass: more digits than the register has, and a second value for a day.
CANNOT_BE_TRUE = Configured(
    citation="",
    effective=date.min,
    entries={name: (Entry(name, None, None, None, None, "queue", {}, None),) for name in ("dial_count", "duplicate")},
    limits=(),
    value_per_unit={},
)


def rules_on(day: date) -> Configured | None:
    """The rules of the policy ``read-validation`` in force on a business date; None where the city has none."""
    document = released("read-validation", day)
    return None if document is None else _parsed(document.body)


@lru_cache(maxsize=8)
def _parsed(body: str) -> Configured:
    return parse(yaml.safe_load(body))
