"""English and Spanish are equals: every message of source and templates has its Spanish."""

from __future__ import annotations

from pathlib import Path

from meterbook.config import catalogs


def test_every_message_has_its_spanish() -> None:
    assert catalogs.missing() == []


def test_placeholders_survive_translation() -> None:
    catalog = catalogs.spanish()
    wrong = [(message.id, list(message.check(catalog))) for message in catalog if message.id]
    assert [each for each in wrong if each[1]] == []


def test_braces_survive_translation() -> None:
    import re

    field = re.compile(r"\{[^{}]*\}|%\(\w+\)[sd]")
    for message in catalogs.spanish():
        if isinstance(message.id, str) and message.id:
            assert sorted(field.findall(message.id)) == sorted(field.findall(str(message.string))), message.id


def test_spanish_has_two_plurals() -> None:
    assert catalogs.spanish().plural_forms == "nplurals=2; plural=(n != 1);"


def test_a_changed_catalogue_is_compiled_anew(tmp_path: Path) -> None:
    source = tmp_path / "in" / "es" / "LC_MESSAGES"
    source.mkdir(parents=True)
    po = source / "django.po"
    po.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Meter"\nmsgstr "Medidor"\n')
    into = catalogs.compiled(tmp_path / "in", tmp_path / "out")
    mo = into / "es" / "LC_MESSAGES" / "django.mo"
    first = mo.read_bytes()
    po.write_text(po.read_text().replace("Medidor", "Contador"))
    catalogs.compiled(tmp_path / "in", tmp_path / "out")
    assert b"Medidor" in first and b"Contador" in mo.read_bytes()
