"""Making a copied database one in which nobody is real."""

from __future__ import annotations

import secrets
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.hashers import make_password

from meterbook.jobs.practice import inventing
from meterbook.jobs.practice.columns import EMPTIED, Column, text_columns
from meterbook.jobs.practice.sweeping import left_over, live_words, sweep


class StillNamed(ValueError):
    """Somebody real is still named in the copy; it is not kept."""


@dataclass(frozen=True, slots=True)
class Anonymised:
    """What was done: columns invented or blanked, values cleaned of names, proof that none is left."""

    columns: int
    cleaned: int


def anonymise(cursor: Any, password: str) -> Anonymised:
    """Replace everybody in the database of this cursor, in its transaction. Amounts and days are not touched.

    Staff keep their roles under invented names and sign in by their role's sign-in names with ``password``. Raises
    `StillNamed` where the proof afterwards finds anybody.
    """
    salt = secrets.token_hex(32)
    live = live_words(cursor)
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    cursor.execute(inventing.functions(salt))
    columns = list(text_columns(cursor))
    tables = sorted({each.table for each in columns} | set(_there(cursor, EMPTIED)))
    for table in tables:
        cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
    for table in _there(cursor, EMPTIED):
        cursor.execute(f'DELETE FROM "{table}"')
    changed = _invent(cursor, columns)
    _staff(cursor, password)
    kept = [each for each in columns if each.kept and not each.public and each.type != "bytea"]
    cleaned = sweep(cursor, kept, live, salt)
    _learn(cursor)
    cursor.execute("UPDATE platform_utility SET practice_since = (SELECT business_date FROM platform_businessclock)")
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table in tables:
        cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')
    named = left_over(cursor, [each for each in columns if not each.public and each.type != "bytea"], live)
    if named:
        raise StillNamed(f"somebody real is still named in {', '.join(named)}")
    return Anonymised(changed, cleaned)


def _there(cursor: Any, names: tuple[str, ...]) -> list[str]:
    """Those of the tables that exist."""
    cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relname = ANY(%s)", [list(names)])
    found = {name for (name,) in cursor.fetchall()}
    return [name for name in names if name in found]


def _invent(cursor: Any, columns: list[Column]) -> int:
    """Invent or blank what is not kept, one statement a table."""
    by_table: dict[str, list[Column]] = defaultdict(list)
    for column in columns:
        if not column.kept and (column.table, column.name) != ("platform_user", "password"):
            by_table[column.table].append(column)
    for table, changed in by_table.items():
        if table == "platform_user":
            changed = [each for each in changed if each.name in ("first_name", "last_name", "email")]
        sets = ", ".join(f'"{each.name}" = {each.becomes}' for each in changed)
        people = " WHERE username <> 'system'" if table == "platform_user" else ""
        cursor.execute(f'UPDATE "{table}" SET {sets}{people}')
    return sum(len(changed) for changed in by_table.values())


def _staff(cursor: Any, password: str) -> None:
    """Everybody signs in by an invented name with the one practice password."""
    cursor.execute(
        "UPDATE platform_user u SET password = %s, last_login = NULL, username = s.name FROM ("
        "  SELECT id, role || CASE WHEN n = 1 THEN '' ELSE n::text END AS name FROM ("
        "    SELECT user_id AS id, role, row_number() OVER (PARTITION BY role ORDER BY user_id) AS n FROM ("
        "      SELECT user_id, min(role) AS role FROM platform_rolegrant WHERE role <> 'system' GROUP BY user_id"
        "    ) one) numbered) s WHERE u.id = s.id",
        [make_password(password)],
    )


def _learn(cursor: Any) -> None:
    """The dictionaries of Find learn the invented names and streets."""
    for table, source, column in (
        ("customers_nameword", "customers_person", "name"), ("places_streetword", "places_premise", "street"),
    ):  # fmt: skip
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [table])
        if cursor.fetchone()[0]:
            cursor.execute(
                f"INSERT INTO {table} (word, keys) SELECT w.word, meterbook_word_keys(w.word) FROM (SELECT DISTINCT "
                f"l.word FROM {source} s, LATERAL meterbook_letter_words(s.{column}) AS l(word)) w"
            )
