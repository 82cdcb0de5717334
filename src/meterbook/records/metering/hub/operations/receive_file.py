"""A file that comes from a source: taken in as its source says, or refused as a whole, and on record either way."""

from __future__ import annotations

import hashlib

from django.db import connection

from meterbook.formats.contract import WrongFormat
from meterbook.formats.registry import UnknownFormat
from meterbook.records.metering.hub.sources import UPLOAD, received_before
from meterbook.records.metering.models import ReadSource, ReceivedFile
from meterbook.records.metering.operations.import_reads import import_reads
from meterbook.records.platform.deeds import Act, operation, tell
from meterbook.records.platform.models import Attachment, Deed
from meterbook.records.platform.operations.attach_file import TooLarge, keep_file
from meterbook.records.platform.roles import BILLING, SUPERVISOR

_LONGEST = 200


@operation("metering.receive_file", roles={BILLING, SUPERVISOR})
def receive_file(deed: Deed, *, source: ReadSource, file_name: str, content: bytes) -> ReceivedFile:
    """Take in a file of ``source``; returns its record, with the batch it became or why it was refused.

    Idempotent: the same bytes under the same name from the same source give the same record, however often they come;
    a refusal is looked at again, since the format or the source may have changed.
    """
    _alone()
    name, digest = file_name[-_LONGEST:], hashlib.sha256(content).hexdigest()
    before = received_before(source, name, digest)
    if before is not None and before.batch_id is not None:
        return before
    try:
        act = Act(deed.actor, deed.business_date, deed.reason)
        batch = import_reads(act, format=source.format, file_name=name, content=content, source=source)
    except (WrongFormat, UnknownFormat, TooLarge) as error:
        refused, fresh = _refused(deed, source, name, digest, _said(source, error))
        if fresh:
            tell(deed, "metering.file_refused", source=source.pk, file=refused.pk)
        return refused
    received = ReceivedFile.objects.create(source=source, file_name=name, sha256=digest, batch=batch, deed=deed)
    tell(deed, "metering.file_received", source=source.pk, file=received.pk, batch=batch.pk)
    return received


@operation("metering.refuse_file", roles={BILLING, SUPERVISOR})
def refuse_file(deed: Deed, *, source: ReadSource, file_name: str, sha256: str, refusal: str) -> ReceivedFile:
    """Put a file on record that is not even looked into, like one that is far too large, and why."""
    _alone()
    refused, fresh = _refused(deed, source, file_name[-_LONGEST:], sha256, refusal)
    if fresh:
        tell(deed, "metering.file_refused", source=source.pk, file=refused.pk)
    return refused


def _said(source: ReadSource, error: Exception) -> str:
    """Why a file is refused. What nobody uploaded is not quoted: the words go to more people than the file did."""
    if isinstance(error, WrongFormat) and source.via != UPLOAD:
        return f"line {error.line}, {error.field}: not as the format {source.format} asks; look into the file"
    return str(error) or type(error).__name__


def _refused(deed: Deed, source: ReadSource, name: str, sha256: str, refusal: str) -> tuple[ReceivedFile, bool]:
    """The record of a refusal, and whether it is new: refused for the same reason before, it is the one of then."""
    before = received_before(source, name, sha256)
    if before is not None and before.refusal == refusal:
        return before, False
    received = ReceivedFile.objects.create(source=source, file_name=name, sha256=sha256, refusal=refusal, deed=deed)
    return received, True


@operation("metering.remember_message", roles={BILLING, SUPERVISOR})
def remember_message(deed: Deed, *, message_id: str, text: str) -> None:
    """Keep what a mail said and brought (its head and the files taken), so that it is never taken in again."""
    if not message_known(message_id):
        keep_file(
            deed, subject=_subject(message_id), file_name="message.txt", content_type="text/plain",
            content=text.encode(),
        )  # fmt: skip
        tell(deed, "metering.message_received", message=message_id)


def message_known(message_id: str) -> bool:
    """Whether a mail was taken in before."""
    return Attachment.objects.filter(subject=_subject(message_id)).exists()


def _subject(message_id: str) -> str:
    """What a mail is filed under: an id of any length has its place."""
    return f"mail:{hashlib.sha256(message_id.encode()).hexdigest()}"


def _alone() -> None:
    """One file at a time: two watchers, or a watcher and a person, never take in the same bytes at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('metering.receive_file'))")
