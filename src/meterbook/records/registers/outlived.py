"""Which files have been kept as long as their class asks."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection

from meterbook.records.registers.models import DestructionList
from meterbook.records.registers.settings import Retention

_FILES = """
SELECT a.id, a.subject, a.file_name, a.sha256, d.business_date
  FROM platform_attachment a JOIN platform_deed d ON d.id = a.deed_id
 WHERE split_part(a.subject, ':', 1) = ANY(%s) AND d.business_date < %s ORDER BY a.id LIMIT 5000
"""


def keeps_until(today: date, years: int) -> date:
    """Files of days before this one may be destroyed today.

    >>> keeps_until(date(2028, 2, 29), 1)
    datetime.date(2027, 2, 28)
    """
    return date(today.year - years, today.month, min(today.day, 28) if today.month == 2 else today.day)


def files_before(found: Retention, before: date) -> list[dict[str, Any]]:
    """Files of a class kept before a day, without those a list names that was asked for or agreed."""
    named: set[int] = set()
    for files in DestructionList.objects.exclude(state=DestructionList.REFUSED).values_list("files", flat=True):
        named |= {one["id"] for one in files}
    with connection.cursor() as cursor:
        cursor.execute(_FILES, [list(found.subjects), before])
        rows = cursor.fetchall()
    return [
        {"id": row[0], "subject": row[1], "name": row[2], "sha256": row[3], "kept_on": str(row[4])}
        for row in rows
        if row[0] not in named
    ]
