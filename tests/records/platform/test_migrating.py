"""Migrations run faster than Django's own way, and make the same schema."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import psycopg
import pytest
from django.db import connection, models
from django.db.migrations.state import ModelState, ProjectState

from meterbook.records.platform import migrating

_MIGRATE = """
import django; django.setup()
from django.core.management import call_command
from meterbook.records.platform import migrating
migrating.{how}()
call_command("migrate", verbosity=0)
"""
_SCHEMA = (
    "SELECT 'column', table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable"
    " || ' ' || coalesce(column_default, '') FROM information_schema.columns WHERE table_schema = 'public'"
    " UNION ALL SELECT 'constraint', conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)"
    " FROM pg_constraint WHERE connamespace = 'public'::regnamespace"
    " UNION ALL SELECT 'index', indexdef FROM pg_indexes WHERE schemaname = 'public'"
    " UNION ALL SELECT 'trigger', pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal"
    " UNION ALL SELECT 'function', proname || prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
    " ORDER BY 1, 2"
)


def test_a_rendered_model_hears_of_its_constraints() -> None:
    """Both ways end with the same options; ours does not build the model again."""
    made = {}
    for how in (migrating.install, migrating.uninstall):
        how()
        try:
            state = ProjectState()
            state.add_model(ModelState("app", "Thing", [("id", models.AutoField(primary_key=True))], {}))
            model = state.apps.get_model("app", "Thing")
            state.add_constraint("app", "thing", models.CheckConstraint(name="some", condition=models.Q(id__gt=0)))
            after = state.apps.get_model("app", "Thing")
            made[how.__name__] = [each.name for each in after._meta.constraints]
            assert (after is model) == (how is migrating.install)
        finally:
            migrating.install()
    assert made["install"] == made["uninstall"] == ["some"]


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_the_schema_is_the_same(django_db_setup: Any) -> None:
    """Two databases migrated from nothing, one the plain way."""
    found = {}
    settings = connection.settings_dict
    base = f"postgresql://{settings['USER']}:{settings['PASSWORD']}@{settings['HOST']}:{settings['PORT']}"
    for how in ("install", "uninstall"):
        name = f"migrating_{how}"
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {name}")
            cursor.execute(f"CREATE DATABASE {name}")
        try:
            env = os.environ | {"DATABASE_URL": f"{base}/{name}"}
            subprocess.run([sys.executable, "-c", _MIGRATE.format(how=how)], env=env, check=True)
            with psycopg.connect(f"{base}/{name}") as there:
                found[how] = there.execute(_SCHEMA).fetchall()
        finally:
            with connection.cursor() as cursor:
                cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    assert len(found["install"]) > 1_000
    assert found["install"] == found["uninstall"]
