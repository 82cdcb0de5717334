"""Taking read files from mail: attachments that a source asks for, each message once.

Sign-in comes from the environment only: ``METERBOOK_IMAP_HOST``, ``_PORT`` (993), ``_USER``, ``_PASSWORD``, ``_CA`` (a
certificate file, where the server's is not a public one), ``_MOVE_TO`` (a mailbox taken messages are moved to; without
it, or where the server cannot move, they are marked as read). The connection is always TLS. ``_SENDERS`` names whose
mail is taken, by address (``reads@vendor.example``) or domain (``@vendor.example``); nobody else's is.

What decides is not a flag but the record: a message is known by its Message-ID, kept in the transaction that takes its
files. It is marked or moved only after that is committed; a crash in between marks it the next time.
"""

from __future__ import annotations

import email
import email.policy
import hashlib
import imaplib
import logging
import os
import re
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from email.message import EmailMessage
from email.utils import getaddresses
from typing import TYPE_CHECKING

from django.db import transaction

from meterbook.jobs.read_files import DONE, LEFT, REFUSED, Handled, told
from meterbook.records.metering.hub.operations.receive_file import (
    message_known,
    receive_file,
    refuse_file,
    remember_message,
)
from meterbook.records.metering.hub.sources import MAILBOX, active_sources, source_of
from meterbook.records.platform.deeds import Act
from meterbook.records.platform.operations.attach_file import LARGEST_BYTES

if TYPE_CHECKING:
    from meterbook.records.metering.models import ReadSource, ReceivedFile

log = logging.getLogger(__name__)
#: Messages older than this are not looked at.
LOOK_BACK = timedelta(days=45)
_LARGEST_MESSAGE = LARGEST_BYTES * 3 // 2  # attachments are base64
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class NoMailbox(LookupError):
    """The environment does not say where the mail is, or the server does not let us at it."""


@dataclass(frozen=True, slots=True)
class Post:
    """How the mail server is reached."""

    host: str
    port: int
    user: str
    password: str
    ca: str | None
    move_to: str = ""
    senders: frozenset[str] = frozenset()

    def takes_from(self, address: str) -> bool:
        """Whether mail of an address is taken."""
        name, at, domain = address.lower().rpartition("@")
        return bool(name and at and domain) and not self.senders.isdisjoint({f"{name}@{domain}", f"@{domain}"})


def post_from(environment: Mapping[str, str]) -> Post:
    """The mail server as the environment names it; raises `NoMailbox` with what is missing."""
    names = {name: f"METERBOOK_IMAP_{name.upper()}" for name in ("host", "user", "password", "senders")}
    missing = [name for name in names.values() if not environment.get(name)]
    if missing:
        raise NoMailbox(f"{', '.join(missing)} is not set in the environment")
    port = environment.get("METERBOOK_IMAP_PORT", "993")
    if not port.isdecimal():
        raise NoMailbox(f"METERBOOK_IMAP_PORT is {port!r}; expected a number such as 993")
    senders = frozenset(each.strip().lower() for each in environment[names["senders"]].split(",") if each.strip())
    wrong = sorted(each for each in senders if each.count("@") != 1 or each.endswith("@"))
    if wrong or not senders:
        raise NoMailbox(
            f"METERBOOK_IMAP_SENDERS: found {', '.join(wrong) or 'nobody'}, expected a@b.example, @c.example"
        )
    return Post(
        environment[names["host"]], int(port), environment[names["user"]], environment[names["password"]],
        environment.get("METERBOOK_IMAP_CA") or None, environment.get("METERBOOK_IMAP_MOVE_TO", ""),
        senders,
    )  # fmt: skip


def read_mail(act: Act, post: Post | None = None) -> list[Handled]:
    """Take the attachments that sources ask for out of every mailbox; what became of each. Raises `NoMailbox`."""
    by_box: dict[str, list[ReadSource]] = {}
    for source in active_sources(MAILBOX):
        by_box.setdefault(source.location, []).append(source)
    if not by_box:
        return []
    found: list[Handled] = []
    with _signed_in(post or post_from(os.environ)) as (server, signed):
        for box, sources in by_box.items():
            if server.select(_quoted(box))[0] != "OK":
                found.append(Handled(box, LEFT, "there is no mailbox of this name"))
                continue
            for uid in _uids(server, act.business_date - LOOK_BACK):
                found += _message(act, server, signed, uid, sources)
    return found


@contextmanager
def _signed_in(post: Post) -> Iterator[tuple[imaplib.IMAP4, Post]]:
    try:
        server = imaplib.IMAP4_SSL(
            post.host, post.port, ssl_context=ssl.create_default_context(cafile=post.ca), timeout=60
        )
    except OSError as error:
        raise NoMailbox(f"{post.host}:{post.port}: {error}") from error
    try:
        server.login(post.user, post.password)
        if b"MOVE" not in _line(server.capability()).upper().split():
            post = replace(post, move_to="")
        yield server, post
    except (imaplib.IMAP4.error, OSError) as error:
        raise NoMailbox(f"{post.host}: {error}") from error
    finally:
        try:
            server.logout()
        except (imaplib.IMAP4.error, OSError):
            log.info("%s ended the conversation", post.host)


def _uids(server: imaplib.IMAP4, since: date) -> list[str]:
    day = f"{since.day}-{_MONTHS[since.month - 1]}-{since.year}"
    found = _ok(server.uid("SEARCH", "UNDELETED", "SINCE", day))
    return sorted((uid.decode() for part in found if isinstance(part, bytes) for uid in part.split()), key=int)


def _message(act: Act, server: imaplib.IMAP4, post: Post, uid: str, sources: Sequence[ReadSource]) -> list[Handled]:
    """Take one message, unless it is known; a message without a file for any source is left alone."""
    head = _parsed(_fetched(server, uid, "BODY.PEEK[HEADER]"))
    sender = _sender(head)
    if not post.takes_from(sender):
        log.warning("message %s of %r is left alone: METERBOOK_IMAP_SENDERS does not name the sender", uid, sender)
        return []
    key = str(head.get("Message-ID", "")).strip()
    if key and message_known(key):
        _mark(server, post, uid)
        return []
    size = re.search(rb"RFC822\.SIZE (\d+)", _line(server.uid("FETCH", uid, "(RFC822.SIZE)")))
    if size is not None and int(size[1]) > _LARGEST_MESSAGE:
        return [Handled(str(head.get("Subject", uid)), LEFT, f"the message has {int(size[1]):,} bytes")]
    raw = _fetched(server, uid, "BODY.PEEK[]")
    key = key or f"no id, sha256 {hashlib.sha256(raw).hexdigest()}"
    files = [(name, content, source_of(name, sources)) for name, content in attachments(_parsed(raw))]
    if message_known(key) or not any(source for _, _, source in files):
        return []
    try:
        with transaction.atomic():
            found = [_attached(act, name, content, source) for name, content, source in files if source]
            remember_message(act, message_id=key, text=_kept(head, key, found))
    except Exception as error:
        log.exception("message %s could not be taken", key)
        return [Handled(name, LEFT, f"{type(error).__name__}: {error}") for name, _, _ in files]
    _mark(server, post, uid)
    return found


def _attached(act: Act, name: str, content: bytes, source: ReadSource) -> Handled:
    if len(content) > LARGEST_BYTES:
        refusal = f"{name} has {len(content):,} bytes; at most {LARGEST_BYTES:,} are taken, split it by route"
        digest = hashlib.sha256(content).hexdigest()
        received: ReceivedFile = refuse_file(act, source=source, file_name=name, sha256=digest, refusal=refusal)
    else:
        received = receive_file(act, source=source, file_name=name, content=content)
    outcome = REFUSED if received.refusal else DONE
    return Handled(name, outcome, received.refusal or told(received), source.name, received.batch_id)


def attachments(message: EmailMessage) -> list[tuple[str, bytes]]:
    """The files a message carries: name without any folder, and bytes."""
    found = []
    for part in message.walk():
        name = part.get_filename()
        if name and not part.is_multipart():
            plain = re.sub(r"[\x00-\x1f\x7f]", "", name.replace("\\", "/").rpartition("/")[2]).strip(". ")
            content = part.get_payload(decode=True)
            if plain and isinstance(content, bytes):
                found.append((plain, content))
    return found


def _kept(head: EmailMessage, key: str, found: Sequence[Handled]) -> str:
    lines = [f"Message-ID: {key}", *(f"{name}: {head[name]}" for name in ("From", "Date", "Subject") if head[name])]
    return "\n".join([*lines, "", *(f"{each.name}: {each.outcome}: {each.words}" for each in found)]) + "\n"


def _mark(server: imaplib.IMAP4, post: Post, uid: str) -> None:
    """Move a message that was taken, or mark it as read; if that fails it is only marked later."""
    try:
        if post.move_to:
            _ok(server.uid("MOVE", uid, _quoted(post.move_to)))
        else:
            _ok(server.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)"))
    except NoMailbox as error:
        log.warning("message %s was taken but not marked: %s", uid, error)


def _sender(head: EmailMessage) -> str:
    """The address a message is from; empty unless there is exactly one."""
    found = getaddresses([str(each) for each in head.get_all("From", [])])
    return found[0][1] if len(found) == 1 else ""


def _parsed(raw: bytes) -> EmailMessage:
    found = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


def _fetched(server: imaplib.IMAP4, uid: str, what: str) -> bytes:
    for part in _ok(server.uid("FETCH", uid, f"({what})")):
        if isinstance(part, tuple):
            return bytes(part[1])
    return b""


def _line(answer: tuple[str, list[object]]) -> bytes:
    return b" ".join(part for part in _ok(answer) if isinstance(part, bytes))


def _ok(answer: tuple[str, list[object]]) -> list[object]:
    status, found = answer
    if status != "OK":
        raise NoMailbox(f"the mail server answered {status}: {found}")
    return found


def _quoted(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
