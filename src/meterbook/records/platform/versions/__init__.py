"""Two people at one record: whoever comes second is told what changed meanwhile, by whom and when.

The version of a record is the newest row of its history (django-pghistory writes one with every change, whoever makes
it), so nothing has to be counted and nothing can forget to count.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Model

from meterbook.engine.trace import N_, Step


@dataclass(frozen=True, slots=True)
class Change:
    """One field that changed meanwhile: what it was, what it is, who did it and when."""

    field: str
    before: Any
    after: Any
    by: str
    at: datetime


class ChangedMeanwhile(ValueError):
    """Somebody changed the record since it was read; ``changes`` says what. Nothing was saved."""

    def __init__(self, changes: Sequence[Change], version: int) -> None:
        self.changes, self.version = list(changes), version
        self.step = Step(
            N_("{name} changed this while you were typing. What you typed is still here; compare, and save again."),
            {"name": changes[-1].by if changes else "?"},
        )
        super().__init__(self.step.words(str))


def version_of(record: Model) -> int:
    """The version of a record on file; 0 for one that has no history."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(max(pgh_id), 0) FROM {_history(record)} WHERE pgh_obj_id = %s", [record.pk])
        return int(cursor.fetchone()[0])


def refuse_stale(record: Model, version: int, fields: Sequence[str]) -> None:
    """Lock the record and raise `ChangedMeanwhile` if any of ``fields`` changed since it was at ``version``.

    Every operation that edits a record on file calls this first, inside its own transaction.
    """
    type(record)._default_manager.select_for_update().get(pk=record.pk)
    changes = changes_since(record, version, fields)
    if changes:
        raise ChangedMeanwhile(changes, version_of(record))
    record.refresh_from_db(fields=list(fields))


def changes_since(record: Model, version: int, fields: Sequence[str]) -> list[Change]:
    """What changed in these fields after ``version``, oldest first."""
    columns = ", ".join(f"e.{record._meta.get_field(name).attname}" for name in fields)  # type: ignore[union-attr]
    query = (
        f"SELECT e.pgh_id, e.pgh_created_at, u.username, u.first_name, u.last_name, {columns} FROM {_history(record)} e"
        " LEFT JOIN pghistory_context c ON c.id = e.pgh_context_id"
        " LEFT JOIN platform_deed d ON d.id = (c.metadata ->> 'deed')::bigint"
        " LEFT JOIN platform_user u ON u.id = d.actor_id"
        " WHERE e.pgh_obj_id = %s AND e.pgh_id >= %s ORDER BY e.pgh_id"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [record.pk, version])
        rows = cursor.fetchall()
    return _differences(rows, fields, version)


def _differences(rows: Sequence[tuple[Any, ...]], fields: Sequence[str], version: int) -> list[Change]:
    found: list[Change] = []
    known: Mapping[str, Any] | None = None
    for pgh_id, at, username, first, last, *values in rows:
        now = dict(zip(fields, map(_value, values), strict=True))
        if known is not None and pgh_id > version:
            who = f"{first or ''} {last or ''}".strip() or username or "system"
            found += [Change(name, known[name], now[name], who, at) for name in fields if known[name] != now[name]]
        known = now
    return found


def _value(value: Any) -> Any:
    """A column's value as people know it; lists come out of the history as JSON text."""
    return json.loads(value) if isinstance(value, str) and value[:1] == "[" else value


def _history(record: Model) -> str:
    """The history table of a tracked model."""
    return record._meta.get_field("events").related_model._meta.db_table  # type: ignore[union-attr]
