"""Doing one thing at a time across processes, where there is no row yet to lock."""

from __future__ import annotations

from django.db import connection


def one_at_a_time(name: str) -> None:
    """Wait until nobody else does what ``name`` names, and keep the turn until the transaction ends.

    The second of two processes with the same file then finds what the first wrote, instead of a broken constraint.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
