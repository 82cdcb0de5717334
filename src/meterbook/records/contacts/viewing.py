"""The access log: who looked at whose account. One statement a look, and one row in a few minutes."""

from __future__ import annotations

from datetime import date

from django.db import connection

#: Looks of one user at one account within this many seconds are one row.
STRETCH = 300

_SEEN = f"""
INSERT INTO contacts_viewing (user_id, account_id, page, business_date, slot, at)
SELECT %s, a.id, %s, %s, floor(extract(epoch FROM statement_timestamp()) / {STRETCH}), statement_timestamp()
  FROM customers_account a WHERE a.number = %s
ON CONFLICT (account_id, user_id, slot) DO NOTHING
"""


def saw(*, user_id: int, number: str, page: str, day: date) -> None:
    """Write down that a user looked at an account, if nothing is written for these minutes yet."""
    with connection.cursor() as cursor:
        cursor.execute(_SEEN, [user_id, page[:40], day, number])
