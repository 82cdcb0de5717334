"""No read is due: what was missed is not missing any more, because somebody says so or the meter was taken down."""

from __future__ import annotations

from meterbook.records.metering.models import ReadException
from meterbook.records.metering.queue.deciding import decided_so, finish, lock, reason_of
from meterbook.records.metering.queue.refusals import NotMissing
from meterbook.records.platform.deeds import operation
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, SUPERVISOR


@operation("metering.pass_read", roles={BILLING, SUPERVISOR})
def pass_read(deed: Deed, *, item: ReadException) -> ReadException:
    """Close the question about a read that did not come: none is due. Says why. Twice is once.

    Raises `NoReason`, `NotMissing`, `DecidedMeanwhile`.
    """
    found = lock(item)
    reason_of(deed)
    if found.read_id is not None or found.channel_id is not None or found.register_id is None:
        raise NotMissing
    if decided_so(found, ReadException.PASSED):
        return found
    return finish(deed, found, ReadException.PASSED)


def close_missing(deed: Deed, meter: int) -> int:
    """Close what is asked about missed reads of a meter (by id) that is taken down; returns how many.

    What it showed when it came down is the read they asked for, and it will have no other.
    """
    rows = ReadException.objects.filter(register__meter=meter, read=None, channel=None)
    open_ones = list(rows.exclude(state=ReadException.RESOLVED).order_by("on", "pk"))
    for item in open_ones:
        finish(deed, lock(item), ReadException.PASSED)
    return len(open_ones)
