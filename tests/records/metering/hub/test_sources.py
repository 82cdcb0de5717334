"""Sources of reads: set up, changed and retired by deeds; what came from each is counted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings
from tests.records.metering.yard import TODAY, Yard, file_of

from meterbook.formats.registry import UnknownFormat
from meterbook.records.metering.hub.operations.keep_source import (
    SourceRetired,
    WrongSource,
    add_source,
    change_source,
    retire_source,
)
from meterbook.records.metering.hub.operations.receive_file import message_known, receive_file, remember_message
from meterbook.records.metering.hub.sources import (
    active_sources,
    queued_by_source,
    source_named,
    source_of,
    sources_with_statistics,
)
from meterbook.records.metering.models import ReadSource, ReceivedFile
from meterbook.records.platform.deeds import NotPermitted

pytestmark = pytest.mark.django_db
FOLDER = {"name": "Handhelds", "format": "meterbook-reads", "via": "folder", "location": "/srv/reads"}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"via": "pigeon"}, "via"),
        ({"location": ""}, "location"),
        ({"location": "reads"}, "location"),
        ({"location": "/srv/reads/done"}, "location"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
    ],
)
def test_a_source_nothing_could_come_from_is_refused(yard: Yard, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(WrongSource) as caught:
        add_source(yard.act(), **(FOLDER | wrong))
    assert caught.value.field == field and not ReadSource.objects.exists()


def test_names_and_places_are_told_apart(yard: Yard) -> None:
    add_source(yard.act(), **FOLDER, pattern="*.csv")
    with pytest.raises(WrongSource, match="name"):
        add_source(yard.act(), **FOLDER, pattern="*.txt")
    with pytest.raises(WrongSource, match="pattern"):
        add_source(yard.act(), **(FOLDER | {"name": "Other"}), pattern="*.CSV")
    with pytest.raises(UnknownFormat):
        add_source(yard.act(), **(FOLDER | {"name": "Other", "format": "nonsense"}))
    with pytest.raises(NotPermitted):
        add_source(yard.act("csr"), **(FOLDER | {"name": "Other"}))


def test_a_retired_source_takes_nothing_and_stays(yard: Yard) -> None:
    source = add_source(yard.act(), **FOLDER)
    change_source(yard.act(), source=source, pattern=" r*.csv ")
    assert source_named("Handhelds").pattern == "r*.csv"
    retire_source(yard.act(), source=source)
    assert active_sources() == [] and ReadSource.objects.get().active is False
    with pytest.raises(SourceRetired):
        change_source(yard.act(), source=source, pattern="*")


def test_the_most_particular_pattern_takes_a_file() -> None:
    every, csv, ami = (ReadSource(name=name, pattern=pattern) for name, pattern in
                       (("every", ""), ("csv", "*.csv"), ("ami", "ami_*.csv")))  # fmt: skip
    sources = [every, csv, ami]
    assert source_of("AMI_0805.CSV", sources) is ami
    assert source_of("route.csv", sources) is csv
    assert source_of("x.txt", sources) is every
    assert source_of("x.txt", [csv]) is None


def test_the_same_file_again_is_the_same_record(yard: Yard) -> None:
    source = add_source(yard.act(), **FOLDER)
    content = file_of(("W-1", TODAY, "124"), ("E-NOBODYS", TODAY, "1"))
    first = receive_file(yard.act(), source=source, file_name="r1.csv", content=content)
    again = receive_file(yard.act("system"), source=source, file_name="r1.csv", content=content)
    other = receive_file(yard.act(), source=source, file_name="r1-copy.csv", content=content)
    assert first.pk == again.pk and other.batch_id == first.batch_id and other.pk != first.pk
    assert [status for *_, status in yard.reads("W-1")][-1] == "accepted" and len(yard.reads("W-1")) == 3


def test_a_refusal_is_on_record_once_until_the_source_is_put_right(yard: Yard) -> None:
    source = add_source(yard.act(), **(FOLDER | {"format": "beacon"}))
    content = file_of(("W-1", TODAY, "124"))
    for _ in range(2):
        refused = receive_file(yard.act(), source=source, file_name="r1.csv", content=content)
    assert refused.batch is None and "line" in refused.refusal and ReceivedFile.objects.count() == 1
    source = change_source(yard.act(), source=source, format="meterbook-reads")
    again = receive_file(yard.act(), source=source, file_name="r1.csv", content=content)
    assert again.batch is not None and not again.refusal and ReceivedFile.objects.count() == 2


def test_figures_of_a_source(yard: Yard) -> None:
    source = add_source(yard.act(), **FOLDER)
    rows = [("W-1", TODAY, "124"), ("W-2", TODAY, "99999"), ("E-NOBODYS", TODAY, "1")]
    receive_file(yard.act(), source=source, file_name="r1.csv", content=file_of(*rows))
    receive_file(yard.act(), source=source, file_name="bad.csv", content=b"nothing")
    row = sources_with_statistics().get()
    assert (row["files_taken"], row["files_refused"], row["rows"], row["rejected"]) == (1, 1, 3, 1)
    assert row["loaded"] == 2 and row["last_on"] == TODAY
    assert queued_by_source([source.pk]) == {source.pk: 1}


def test_a_mail_is_remembered_whatever_the_length_of_its_id(yard: Yard) -> None:
    long = f"<{'x' * 900}@example.org>"
    assert not message_known(long)
    for _ in range(2):
        remember_message(yard.act("system"), message_id=long, text="From: a\n")
    assert message_known(long) and not message_known("<other@example.org>")


def test_folders_are_watched_in_the_inbox_only(yard: Yard, settings: Settings, tmp_path: Path) -> None:
    """Not outside of it, not by a link or by dots, and never another part of the data directory."""
    data, secret = tmp_path / "data", tmp_path / "secret"
    for each in (data / "inbox" / "ami", data / "intervals", secret):
        each.mkdir(parents=True)
    (data / "inbox" / "link").symlink_to(secret)
    settings.DATA_DIR, settings.INBOX = data, data / "inbox"
    wrong = [
        secret,
        data,
        data / "intervals",
        "/",
        "/etc",
        data / "inbox" / "link",
        data / "inbox" / ".." / "intervals",
    ]
    for each in wrong:
        with pytest.raises(WrongSource, match="the inbox of METERBOOK_INBOX") as caught:
            add_source(yard.act(), **(FOLDER | {"location": str(each)}))
        assert caught.value.field == "location" and str(data / "inbox") in str(caught.value)
    settings.INBOX = data
    with pytest.raises(WrongSource, match="METERBOOK_INBOX"):
        add_source(yard.act(), **(FOLDER | {"location": str(data / "intervals")}))
    settings.INBOX = data / "inbox"
    source = add_source(yard.act(), **(FOLDER | {"location": str(data / "inbox" / "ami")}))
    with pytest.raises(WrongSource, match="METERBOOK_INBOX"):
        change_source(yard.act(), source=source, location=str(secret))
