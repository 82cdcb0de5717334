"""Settlement match: what each file asked for, what was posted of it, what came back, and what clearing still holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

_MATCH = """
SELECT e.file_id, e.settle_on,
       count(*) FILTER (WHERE e.kind = 'draft'), coalesce(sum(e.amount_cents) FILTER (WHERE e.kind = 'draft'), 0),
       count(p.id), coalesce(sum(p.amount_cents), 0),
       count(*) FILTER (WHERE d.state = 'returned'),
       coalesce(sum(p.amount_cents) FILTER (WHERE d.state = 'returned'), 0),
       coalesce(sum(p.amount_cents) FILTER (WHERE d.state = 'reversed'), 0)
  FROM autopay_achentry e
  LEFT JOIN autopay_draft d ON d.id = e.draft_id
  LEFT JOIN payments_payment p ON p.id = d.payment_id
 WHERE e.file_id = ANY(%s) GROUP BY 1, 2 ORDER BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class Match:
    """One file and settlement day, in cents: asked for, posted, returned, reversed by us."""

    file: int
    settle_on: date
    drafts: int
    filed_cents: int
    posted: int
    posted_cents: int
    returned: int
    returned_cents: int
    reversed_cents: int

    @property
    def difference_cents(self) -> int:
        """What the file asked for and no payment stands for."""
        return self.filed_cents - self.posted_cents

    @property
    def bank_cents(self) -> int:
        """What the bank's lines of this file must come to in the end."""
        return self.posted_cents - self.returned_cents - self.reversed_cents


def matches(files: Sequence[int]) -> list[Match]:
    """Every settlement day of these files."""
    with connection.cursor() as cursor:
        cursor.execute(_MATCH, [list(files)])
        rows = cursor.fetchall()
    return [Match(row[0], row[1], *(int(value) for value in row[2:])) for row in rows]
