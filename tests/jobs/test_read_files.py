"""Watched folders: complete files only, each once, put away with a reason, whatever happens in between."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tries
from hypothesis import strategies as st
from pytest_django import Settings
from tests.records.metering.yard import TODAY, Yard, file_of

from meterbook.jobs import read_files
from meterbook.jobs.read_files import Handled, Watch, put_away
from meterbook.records.metering.hub.operations.keep_source import add_source, retire_source
from meterbook.records.metering.hub.sources import source_named
from meterbook.records.metering.models import ReceivedFile

pytestmark = pytest.mark.django_db
GOOD = file_of(("W-1", TODAY, "124"), ("E-NOBODYS", TODAY, "1"))


@pytest.fixture
def folder(yard: Yard, tmp_path: Path, settings: Settings) -> Path:
    made = tmp_path / "reads"
    made.mkdir()
    settings.INBOX = tmp_path
    add_source(
        yard.act(), name="Handhelds", format="meterbook-reads", via="folder", location=str(made), pattern="*.csv"
    )
    return made


def looked(yard: Yard, times: int = 2) -> list[Handled]:
    """What one process that looks so often did."""
    watch = Watch()
    return [each for _ in range(times) for each in watch.look(yard.act("system"))]


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_file_that_stands_still_is_taken_at_the_second_look(yard: Yard, folder: Path) -> None:
    (folder / "r1.csv").write_bytes(GOOD)
    assert looked(yard, 1) == []
    (done,) = looked(yard)
    assert (done.outcome, done.source) == ("done", "Handhelds") and done.batch is not None
    assert names(folder) == ["done/r1.csv", "done/r1.csv.txt"]
    told = (folder / "done/r1.csv.txt").read_text()
    assert "2 rows, 1 loaded" in told and "1 to correct" in told
    assert (folder / "done/r1.csv").read_bytes() == GOOD
    received = ReceivedFile.objects.get()
    assert received.deed.actor.username == "system" and received.batch_id == done.batch


def test_a_growing_or_unfinished_file_waits(yard: Yard, folder: Path) -> None:
    watch, path = Watch(), folder / "r1.csv"
    for part in (GOOD[:50], GOOD[:90], GOOD):
        path.write_bytes(part)
        assert watch.look(yard.act("system")) == []
    (folder / "r2.csv.part").write_bytes(GOOD)
    (folder / ".r3.csv").write_bytes(GOOD)
    assert [each.name for each in watch.look(yard.act("system"))] == ["r1.csv"]
    assert names(folder) == [".r3.csv", "done/r1.csv", "done/r1.csv.txt", "r2.csv.part"]


def test_a_damaged_file_is_refused_with_its_reason_and_loads_nothing(yard: Yard, folder: Path) -> None:
    (folder / "r1.csv").write_bytes(GOOD[:-5])
    (refused,) = looked(yard)
    assert refused.outcome == "refused" and names(folder) == ["refused/r1.csv", "refused/r1.csv.txt"]
    assert (folder / "refused/r1.csv.txt").read_text().strip() == ReceivedFile.objects.get().refusal == refused.words
    assert len(yard.reads("W-1")) == 2


def test_a_file_no_source_takes_stays(yard: Yard, folder: Path) -> None:
    (folder / "minutes.pdf").write_bytes(b"x")
    (left,) = looked(yard)
    assert left.outcome == "left" and names(folder) == ["minutes.pdf"] and not ReceivedFile.objects.exists()


def test_a_name_that_was_taken_before_is_never_written_over(yard: Yard, folder: Path) -> None:
    for value in ("124", "125", "124"):
        (folder / "r1.csv").write_bytes(file_of(("W-1", TODAY, value)))
        looked(yard)
    assert names(folder) == ["done/r1-2.csv", "done/r1-2.csv.txt", "done/r1.csv", "done/r1.csv.txt"]
    assert b",124," in (folder / "done/r1.csv").read_bytes() and b",125," in (folder / "done/r1-2.csv").read_bytes()


def test_a_file_that_is_too_large_is_refused_unread(yard: Yard, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_files, "LARGEST_BYTES", 100)
    (folder / "r1.csv").write_bytes(GOOD)
    (refused,) = looked(yard)
    assert "split it by route" in refused.words and names(folder) == ["refused/r1.csv", "refused/r1.csv.txt"]


def test_a_folder_that_is_gone_and_a_retired_source(yard: Yard, folder: Path) -> None:
    (folder / "r1.csv").write_bytes(GOOD)
    retire_source(yard.act(), source=source_named("Handhelds"))
    assert looked(yard) == [] and names(folder) == ["r1.csv"]
    add_source(yard.act(), name="Gone", format="beacon", via="folder", location=str(folder / "none"))
    assert {(each.name, each.outcome) for each in looked(yard)} == {(str(folder / "none"), "left")}


def test_a_folder_that_leads_out_of_the_inbox_is_not_looked_into(
    yard: Yard, folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Between setting up and looking a link may have taken the folder's place, or the inbox moved."""
    elsewhere = tmp_path_factory.mktemp("secret")
    (elsewhere / "r1.csv").write_bytes(GOOD)
    folder.rmdir()
    folder.symlink_to(elsewhere)
    (left, *_) = looked(yard)
    assert left.outcome == "left" and "the inbox of METERBOOK_INBOX" in left.words
    assert names(elsewhere) == ["r1.csv"] and not ReceivedFile.objects.exists()


def test_a_refusal_does_not_quote_the_file(yard: Yard, folder: Path) -> None:
    (folder / "hosts.csv").write_bytes(b"meter,channel\nroot:x:0:0\n")
    (refused,) = looked(yard)
    told = (folder / "refused/hosts.csv.txt").read_text()
    assert refused.outcome == "refused" and "line 1" in told
    assert "root" not in told + refused.words and "channel" not in ReceivedFile.objects.get().refusal


def test_one_bad_file_does_not_keep_the_others(yard: Yard, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taking = read_files.receive_file

    def fails(act: object, *, file_name: str, **given: object) -> object:
        if file_name == "a.csv":
            raise RuntimeError("disk on fire")
        return taking(act, file_name=file_name, **given)  # type: ignore[arg-type]

    monkeypatch.setattr(read_files, "receive_file", fails)
    for name in ("a.csv", "b.csv"):
        (folder / name).write_bytes(GOOD)
    assert [(each.name, each.outcome) for each in looked(yard)] == [("a.csv", "left"), ("b.csv", "done")]
    assert "a.csv" in names(folder)


class Cut(BaseException):
    """The power goes."""


#: Every step between a committed import and a file put away, by what is called at it.
STEPS = ("mkdir", "write", "link", "unlink")


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_crash_at_any_step_is_finished_by_the_next_look(
    yard: Yard, folder: Path, monkeypatch: pytest.MonkeyPatch, step: str, after: bool
) -> None:
    (folder / "r1.csv").write_bytes(GOOD)
    owner, name = {
        "mkdir": (Path, "mkdir"), "write": (read_files, "_write"), "link": (os, "link"), "unlink": (Path, "unlink"),
    }[step]  # fmt: skip
    real = getattr(owner, name)

    def cut(*args: object, **kwargs: object) -> None:
        if after:
            real(*args, **kwargs)
        raise Cut

    with monkeypatch.context() as patch, pytest.raises(Cut):
        patch.setattr(owner, name, cut)
        looked(yard)
    assert len(yard.reads("W-1")) == 3
    looked(yard)
    assert names(folder) == ["done/r1.csv", "done/r1.csv.txt"]
    assert ReceivedFile.objects.count() == 1 and len(yard.reads("W-1")) == 3


@tries(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(contents=st.lists(st.binary(max_size=3), min_size=1, max_size=6))
def test_nothing_put_away_is_ever_lost(tmp_path_factory: pytest.TempPathFactory, contents: list[bytes]) -> None:
    folder = tmp_path_factory.mktemp("away")
    for content in contents:
        path = folder / "a.csv"
        path.write_bytes(content)
        target = put_away(path, folder / "done", "taken")
        assert not path.exists() and target.read_bytes() == content
    kept = {path.read_bytes() for path in (folder / "done").iterdir() if path.suffix == ".csv"}
    assert kept == set(contents)
