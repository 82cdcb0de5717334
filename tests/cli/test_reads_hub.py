"""`meterbook reads`: sources, expected and a look at the watched folders, from the terminal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from pytest_django import Settings
from tests.records.metering.conftest import built_yard, yard
from tests.records.metering.yard import TODAY, Yard, file_of

from meterbook.cli.commands.reads import command
from meterbook.records.metering.hub.operations.keep_source import add_source

pytestmark = pytest.mark.django_db
__all__ = ["built_yard", "yard"]


def said(*words: str, code: int = 0) -> str:
    found = CliRunner().invoke(command, [*words])
    assert found.exit_code == code, (found.output, found.exception)
    return found.output


def test_a_folder_is_looked_at_once(yard: Yard, tmp_path: Path, settings: Settings) -> None:
    settings.INBOX = tmp_path
    add_source(
        yard.act(), name="Handhelds", format="meterbook-reads", via="folder", location=str(tmp_path), pattern="*.csv"
    )
    (tmp_path / "r1.csv").write_bytes(file_of(("W-1", TODAY, "124")))
    told = json.loads(said("watch", "--settle", "0", "--json").splitlines()[-1])
    (done,) = told["files"]
    assert (done["file"], done["outcome"], done["source"]) == ("r1.csv", "done", "Handhelds")
    (tmp_path / "bad.csv").write_bytes(b"nothing")
    assert "bad.csv: refused: line" in said("watch", "--settle", "0", code=1)
    (row,) = json.loads(said("sources", "--json").splitlines()[-1])["sources"]
    assert (row["files_taken"], row["files_refused"], row["loaded"], row["silent_days"]) == (1, 1, 1, 0)


def test_expected_counts_and_lists(yard: Yard) -> None:
    assert "R1              6 expected      0 received      0 queued      6 missing" in said("expected", "C1")
    told = json.loads(said("expected", "C1", "--on", "2026-07-06", "--json").splitlines()[-1])
    assert (told["scheduled"], told["missing"]) == ("2026-07-05", 0)
    lines = said("expected", "C1", "--missing").splitlines()
    assert lines[0].startswith("route_code,sequence,serial") and len(lines) == 9
    assert "no cycle NOPE" in said("expected", "NOPE", code=1)


def test_a_mailbox_without_an_environment_says_what_is_missing(yard: Yard, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOST", "USER", "PASSWORD"):
        monkeypatch.delenv(f"METERBOOK_IMAP_{name}", raising=False)
    assert said("mailbox") == ""
    add_source(yard.act(), name="Mail", format="meterbook-reads", via="mailbox", location="INBOX")
    assert "METERBOOK_IMAP_HOST" in said("mailbox", code=1)
