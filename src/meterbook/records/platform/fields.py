"""Constraints and triggers that many tables share: half-open validity, no overlap, append-only."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value


class Int8Range(Func):
    """PostgreSQL's ``int8range(id, id, '[]')``: makes an id usable in a GiST exclusion without any extension."""

    function = "int8range"
    output_field = BigIntegerRangeField()

    def __init__(self, column: str) -> None:
        super().__init__(F(column), F(column), Value("[]"))

    def deconstruct(self) -> tuple[str, tuple[str], dict[str, object]]:
        """Write the migration as ``Int8Range("column")``."""
        return "meterbook.records.platform.fields.Int8Range", (self.source_expressions[0].name,), {}


def no_overlap(name: str, *columns: str, condition: Q | None = None) -> ExclusionConstraint:
    """No two rows with equal ``columns`` may share a day of ``validity``."""
    expressions = [(Int8Range(column), RangeOperators.OVERLAPS) for column in columns]
    return ExclusionConstraint(
        name=name,
        expressions=[*expressions, ("validity", RangeOperators.OVERLAPS)],
        condition=condition,
    )


def has_days(name: str) -> models.CheckConstraint:
    """``validity`` holds at least one day and states when it begins."""
    return models.CheckConstraint(
        name=name, condition=Q(validity__isempty=False) & Q(validity__startswith__isnull=False)
    )


def validity() -> DateRangeField:
    """Local dates, half-open: the first day is in, the last bound is out; no upper bound means still valid."""
    return DateRangeField(help_text="half-open period of local dates")


def refuses(name: str, operation: object, message: str) -> pgtrigger.Trigger:
    """A statement-level trigger that raises ``message`` for ``operation``, whoever asks."""
    return pgtrigger.Trigger(
        name=name,
        operation=operation,
        when=pgtrigger.Before,
        level=pgtrigger.Statement,
        func=f"RAISE EXCEPTION '{message}';",
    )


def append_only(name: str) -> list[pgtrigger.Trigger]:
    """The database refuses UPDATE, DELETE and TRUNCATE, even from raw SQL."""
    return [
        pgtrigger.Protect(name=f"{name}_no_change", operation=pgtrigger.Update | pgtrigger.Delete),
        refuses(f"{name}_no_truncate", pgtrigger.Truncate, f"{name} is append-only"),
    ]
