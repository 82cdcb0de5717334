"""Starting over, but never over anything that is not a demo."""

from __future__ import annotations

import click
from django.apps import apps
from django.db import connection

from meterbook.records.platform.operations.mark_demo import FOUNDED

_MARK = "SELECT EXISTS (SELECT FROM platform_event WHERE kind = %s)"
_TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
"""


def wipe_demo() -> None:
    """Empty the schema Meterbook is connected to if it is empty or a demo's; refuse anything else."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        tables = {row[0] for row in cursor.fetchall()}
        if not tables:
            return
        ours = (*(f"{config.label}_" for config in apps.get_app_configs()), "django_")
        foreign = sorted(name for name in tables if not name.startswith(ours))
        if foreign:
            raise click.ClickException(f"--fresh refused: the database holds tables of others, like {foreign[0]}")
        cursor.execute("SELECT to_regclass('platform_event') IS NOT NULL")
        if not cursor.fetchone()[0]:
            raise click.ClickException("--fresh refused: the database is not a demo's")
        cursor.execute(_MARK, [FOUNDED])
        marked = cursor.fetchone()[0]
        cursor.execute("SELECT EXISTS (SELECT FROM platform_utility)")
        if cursor.fetchone()[0] and not marked:
            raise click.ClickException("--fresh refused: the database holds a utility that is not a demo")
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
    connection.close()
