"""SQL to rows: one statement, named parameters, rows by their column names."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection

from meterbook.reports.contract import Asked, Row


def fetch(sql: str, asked: Asked, **more: Any) -> list[Row]:
    """The rows of a statement; its ``%(name)s`` are the parameters asked by, ``today`` and ``more``."""
    with connection.cursor() as cursor:
        cursor.execute(sql, {**asked.values, "today": asked.today, **more})
        names = [each.name for each in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def made_at() -> datetime:
    """The database's own time, for the line that says when a report was made."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        row = cursor.fetchone()
    assert row is not None
    found: datetime = row[0]
    return found
