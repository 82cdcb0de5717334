"""Constraints and triggers that many tables share: half-open validity, no overlap, append-only."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q


class Days(Func):
    """The days of a range column, for the row's key, as a flat box: x is the key, y runs over the days.

    Two such boxes overlap when the keys are equal and a day is shared, so one GiST operator guards both without any
    extension, at a quarter of the cost of two range columns. Keys and day numbers are exact in float8; the half day
    taken off the end keeps half-open neighbours apart.
    """

    output_field = models.Field()

    def __init__(self, period: str, *keys: str) -> None:
        super().__init__(*[F(name) for name in (*keys, period)])
        self.period, self.keys = period, keys

    def deconstruct(self) -> tuple[str, tuple[str, ...], dict[str, object]]:
        """Write the migration as ``Days("validity", "service_point_id")``."""
        return "meterbook.records.platform.fields.Days", (self.period, *self.keys), {}

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """``box(point(key, first day), point(key, last day))``; a second key stands behind the first."""
        *keys, period = [compiler.compile(expression)[0] for expression in self.source_expressions]
        x = keys[0] if len(keys) == 1 else f"({keys[0]} * {_SECOND_KEY_BELOW} + {keys[1]})"
        first = f"lower({period}) - DATE '2000-01-01'"
        last = f"coalesce((upper({period}) - DATE '2000-01-01') - 0.5, {_NO_END})"
        return f"box(point({x}, {first}), point({x}, {last}))", []


#: The day number that stands for "still valid": some time in the year 4737. Not infinity, which has no area, so that
#: GiST could not tell a good branch from a bad one and would search them all.
_NO_END = 1_000_000
#: A second key of `Days` (kinds of determinants) stays below this, so that the pair is one exact number.
_SECOND_KEY_BELOW = 1_000_000


def no_overlap(name: str, *keys: str, period: str = "validity", where: Q | None = None) -> ExclusionConstraint:
    """No two rows with equal ``keys`` may share a day of ``period``; rows that fail ``where`` do not count."""
    return ExclusionConstraint(name=name, expressions=[(Days(period, *keys), RangeOperators.OVERLAPS)], condition=where)


def has_days(name: str) -> models.CheckConstraint:
    """``validity`` holds at least one day and states when it begins."""
    return models.CheckConstraint(
        name=name, condition=Q(validity__isempty=False) & Q(validity__startswith__isnull=False)
    )


def validity() -> DateRangeField:
    """Local dates, half-open: the first day is in, the last bound is out; no upper bound means still valid."""
    return DateRangeField(help_text="half-open period of local dates")


def refuses(name: str, operation: pgtrigger.Operation, message: str) -> pgtrigger.Trigger:
    """A statement-level trigger that raises ``message`` for ``operation``, whoever asks."""
    return pgtrigger.Trigger(
        name=name,
        operation=operation,
        when=pgtrigger.Before,
        level=pgtrigger.Statement,
        func=f"RAISE EXCEPTION '{message}';",
    )


def never_deleted(name: str) -> pgtrigger.Trigger:
    """Rows end, they are not deleted: bills and books rest on them without a foreign key of their own."""
    return pgtrigger.Protect(name=f"{name}_never_deleted", operation=pgtrigger.Delete)


def append_only(name: str) -> list[pgtrigger.Trigger]:
    """The database refuses UPDATE, DELETE and TRUNCATE, even from raw SQL."""
    return [
        pgtrigger.Protect(name=f"{name}_no_change", operation=pgtrigger.Update | pgtrigger.Delete),
        refuses(f"{name}_no_truncate", pgtrigger.Truncate, f"{name} is append-only"),
    ]
