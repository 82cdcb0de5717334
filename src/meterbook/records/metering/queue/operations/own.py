"""Whose work an item is, what was found out about it, and putting an accepted read in question."""

from __future__ import annotations

from meterbook.records.metering.models import Finding, Read, ReadException
from meterbook.records.metering.queue.deciding import bring_up_to_date, lock, reason_of, undecided
from meterbook.records.metering.queue.doubts import open_doubt
from meterbook.records.metering.queue.refusals import NotInForce, NotTheirWork, OpeningRead
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed, User
from meterbook.records.platform.roles import BILLING, SUPERVISOR, roles_of


@operation("metering.note_exception", roles={BILLING, SUPERVISOR})
def note_exception(deed: Deed, *, item: ReadException) -> ReadException:
    """Write down what was found out; the deed's reason is the note."""
    note = reason_of(deed)
    tell(deed, "metering.exception_noted", exception=item.pk, note=note)
    return item


@operation("metering.take_exception", roles={BILLING, SUPERVISOR})
def take_exception(deed: Deed, *, item: ReadException) -> ReadException:
    """Make an item one's own."""
    found = _own(item, deed.actor)
    tell(deed, "metering.exception_taken", exception=found.pk, owner=deed.actor.pk)
    return found


@operation("metering.release_exception", roles={BILLING, SUPERVISOR})
def release_exception(deed: Deed, *, item: ReadException) -> ReadException:
    """Give an item back to everybody."""
    found = _own(item, None)
    tell(deed, "metering.exception_released", exception=found.pk)
    return found


@operation("metering.assign_exception", roles={BILLING, SUPERVISOR})
def assign_exception(deed: Deed, *, item: ReadException, owner: User) -> ReadException:
    """Make an item somebody's work. Raises `NotTheirWork`."""
    if not roles_of(owner, deed.business_date) & {BILLING, SUPERVISOR}:
        raise NotTheirWork(name=str(owner))
    found = _own(item, owner)
    tell(deed, "metering.exception_assigned", exception=found.pk, owner=owner.pk)
    return found


def _own(item: ReadException, owner: User | None) -> ReadException:
    found = undecided(lock(item))
    found.owner = owner
    found.save(update_fields=["owner"])
    return found


@operation("metering.question_read", roles={BILLING, SUPERVISOR})
def question_read(deed: Deed, *, read: Read) -> ReadException:
    """Put an accepted read in question: it makes no usage until somebody decides. Says why. Twice is once.

    Raises `NoReason`, `OpeningRead`, and `NoBelievableUsage` where the reads around it could not stand without it.
    """
    why = reason_of(deed)
    found = Read.objects.select_for_update().get(pk=read.pk)
    if found.starts_chain:
        raise OpeningRead(on=found.read_on)
    doubted = ReadException.objects.filter(read=found).exclude(state=ReadException.RESOLVED)
    if found.superseded or (found.status != Read.ACCEPTED and not doubted.exists()):
        raise NotInForce
    item, fresh = open_doubt(deed, found)
    if fresh:
        Read.objects.filter(pk=found.pk).update(status=Read.QUEUED)
        Finding.objects.create(
            exception=item, read=found, on=found.read_on, rule="questioned", holds=True, figures={"why": why}, deed=deed
        )
        bring_up_to_date(deed, found.register_id, since=found.read_on)
        tell(deed, "metering.read_questioned", exception=item.pk, read=found.pk)
    return item
