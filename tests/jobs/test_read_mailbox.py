"""Mail with read files: taken once, marked only when it is on record, and never without TLS."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from tests.jobs.post_office import PostOffice
from tests.records.metering.yard import TODAY, Yard, file_of

from meterbook.jobs import read_mailbox
from meterbook.jobs.read_mailbox import NoMailbox, Post, attachments, post_from, read_mail
from meterbook.records.metering.hub.operations.keep_source import add_source
from meterbook.records.metering.models import ReceivedFile
from meterbook.records.platform.models import Attachment

pytestmark = pytest.mark.django_db
GOOD = file_of(("W-1", TODAY, "124"))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[PostOffice]:
    made = PostOffice(tmp_path)
    yield made
    made.close()


def post(office: PostOffice, **other: str) -> Post:
    return Post("127.0.0.1", office.port, "reads", other.get("password", "correct horse"), str(office.cert),
                other.get("move_to", ""), frozenset(other.get("senders", "@example.org").split(",")))  # fmt: skip


def mail(*files: tuple[str, bytes], message_id: str = "<1@example.org>", sender: str = "vendor@example.org") -> bytes:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, "reads@example.org", "Reads of today"
    if message_id:
        made["Message-ID"] = message_id
    made.set_content("The file is attached.")
    for name, content in files:
        made.add_attachment(content, maintype="text", subtype="csv", filename=name)
    return made.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


@pytest.fixture
def source(yard: Yard) -> None:
    add_source(yard.act(), name="Vendor", format="meterbook-reads", via="mailbox", location="INBOX", pattern="*.csv")


@pytest.mark.usefixtures("source")
def test_an_attachment_becomes_reads_and_the_mail_is_marked(yard: Yard, office: PostOffice) -> None:
    kept = office.deliver(mail(("reads.csv", GOOD), ("logo.png", b"x")))
    (done,) = read_mail(yard.act("system"), post(office))
    assert (done.name, done.outcome, done.source) == ("reads.csv", "done", "Vendor")
    assert yard.reads("W-1")[-1] == (TODAY, 124, "accepted") and kept.flags == {r"\Seen"}
    assert ReceivedFile.objects.get().deed.actor.username == "system"
    told = bytes(Attachment.objects.get(file_name="message.txt").content).decode()
    assert "vendor@example.org" in told and "<1@example.org>" in told and "reads.csv: done" in told


@pytest.mark.usefixtures("source")
def test_the_same_mail_is_never_taken_twice(yard: Yard, office: PostOffice) -> None:
    office.deliver(mail(("reads.csv", GOOD)))
    read_mail(yard.act("system"), post(office))
    assert read_mail(yard.act("system"), post(office)) == []
    assert ReceivedFile.objects.count() == 1
    assert sum("BODY.PEEK[]" in each for each in office.said) == 1


@pytest.mark.usefixtures("source")
def test_a_line_cut_before_the_mark_only_marks_the_next_time(yard: Yard, office: PostOffice) -> None:
    kept = office.deliver(mail(("reads.csv", GOOD)))
    office.hang_up_on = "UID STORE"
    with pytest.raises(NoMailbox):
        read_mail(yard.act("system"), post(office))
    assert yard.reads("W-1")[-1][1] == 124 and not kept.flags
    office.hang_up_on = ""
    assert read_mail(yard.act("system"), post(office)) == []
    assert kept.flags == {r"\Seen"} and ReceivedFile.objects.count() == 1


@pytest.mark.usefixtures("source")
def test_a_crash_while_taking_leaves_the_mail_as_it_was(
    yard: Yard, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = office.deliver(mail(("reads.csv", GOOD)))

    def crash(*_: object, **__: object) -> None:
        raise RuntimeError("power cut")

    with monkeypatch.context() as patch:
        patch.setattr(read_mailbox, "remember_message", crash)
        (left,) = read_mail(yard.act("system"), post(office))
    assert left.outcome == "left" and not kept.flags
    assert yard.reads("W-1")[-1][1] != 124 and not ReceivedFile.objects.exists()
    (done,) = read_mail(yard.act("system"), post(office))
    assert done.outcome == "done" and kept.flags


@pytest.mark.usefixtures("source")
def test_taken_mail_moves_where_it_is_asked_to(yard: Yard, office: PostOffice) -> None:
    office.deliver(mail(("reads.csv", GOOD)))
    office.deliver(mail(("reads.csv", b"rubbish"), message_id="<2@example.org>"))
    office.deliver(mail(("minutes.pdf", b"x"), message_id="<3@example.org>"))
    found = read_mail(yard.act("system"), post(office, move_to="Taken"))
    assert [each.outcome for each in found] == ["done", "refused"]
    assert [each.uid for each in office.boxes["Taken"]] == [1, 2] and len(office.boxes["INBOX"]) == 1
    assert not office.boxes["INBOX"][0].flags


@pytest.mark.usefixtures("source")
def test_a_server_that_cannot_move_marks(yard: Yard, tmp_path: Path) -> None:
    office = PostOffice(tmp_path, can_move=False)
    kept = office.deliver(mail(("reads.csv", GOOD), message_id=""))
    read_mail(yard.act("system"), post(office, move_to="Taken"))
    assert kept.flags == {r"\Seen"} and read_mail(yard.act("system"), post(office)) == []
    office.close()


def test_a_wrong_password_or_an_unknown_certificate_is_said(yard: Yard, office: PostOffice, source: None) -> None:
    with pytest.raises(NoMailbox, match="wrong password"):
        read_mail(yard.act("system"), post(office, password="wrong"))
    with pytest.raises(NoMailbox, match=r"(?i)certificate"):
        read_mail(yard.act("system"), Post("127.0.0.1", office.port, "reads", "correct horse", None))


def test_a_mailbox_that_is_not_there_is_told(yard: Yard, office: PostOffice) -> None:
    add_source(yard.act(), name="Old", format="beacon", via="mailbox", location="Gone")
    (found,) = read_mail(yard.act("system"), post(office))
    assert (found.name, found.outcome) == ("Gone", "left")


def test_nobody_is_asked_where_no_source_wants_mail(yard: Yard) -> None:
    assert read_mail(yard.act("system"), None) == []


def test_the_environment_names_what_is_missing() -> None:
    with pytest.raises(
        NoMailbox, match="METERBOOK_IMAP_USER, METERBOOK_IMAP_PASSWORD, METERBOOK_IMAP_SENDERS is not set"
    ):
        post_from({"METERBOOK_IMAP_HOST": "mail.example.org"})
    whole = {f"METERBOOK_IMAP_{name}": name.lower() for name in ("HOST", "USER", "PASSWORD")}
    with pytest.raises(NoMailbox, match="METERBOOK_IMAP_SENDERS is not set"):
        post_from(whole)
    for wrong in ("vendor", "vendor@", " , "):
        with pytest.raises(NoMailbox, match="METERBOOK_IMAP_SENDERS: found"):
            post_from(whole | {"METERBOOK_IMAP_SENDERS": wrong})
    whole["METERBOOK_IMAP_SENDERS"] = "Reads@Vendor.example, @city.example"
    senders = frozenset({"reads@vendor.example", "@city.example"})
    assert post_from(whole) == Post("host", 993, "user", "password", None, "", senders)
    with pytest.raises(NoMailbox, match="993"):
        post_from(whole | {"METERBOOK_IMAP_PORT": "imaps"})


def test_names_of_attachments_hold_no_folder() -> None:
    raw = mail(("../../etc/reads.csv", b"1"), ("C:\\reads\\b.csv", b"2"))
    assert attachments(read_mailbox._parsed(raw)) == [("reads.csv", b"1"), ("b.csv", b"2")]


@pytest.mark.usefixtures("source")
@pytest.mark.parametrize(
    ("sender", "senders", "taken"),
    [
        ("Vendor <VENDOR@example.org>", "vendor@example.org", True),
        ("vendor@example.org", "@example.org", True),
        ("stranger@example.com", "@example.org", False),
        ("vendor@sub.example.org", "@example.org", False),
        ("other@example.org", "vendor@example.org", False),
        ('"vendor@example.org" <stranger@example.com>', "vendor@example.org", False),
        ("vendor@example.org, stranger@example.com", "vendor@example.org", False),
    ],
)
def test_only_mail_of_those_allowed_is_taken(
    yard: Yard, office: PostOffice, caplog: pytest.LogCaptureFixture, sender: str, senders: str, taken: bool
) -> None:
    kept = office.deliver(mail(("reads.csv", GOOD), sender=sender))
    found = read_mail(yard.act("system"), post(office, senders=senders))
    assert bool(found) is taken is bool(kept.flags) is ReceivedFile.objects.exists()
    assert ("METERBOOK_IMAP_SENDERS does not name the sender" in caplog.text) is not taken
