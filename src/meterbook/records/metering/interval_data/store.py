"""The interval store of this installation, and which of its generations count.

The files lie under the data directory (``METERBOOK_DATA_DIR``), in ``intervals``. A generation counts once its
`IntervalLoad` is on record; whatever else lies there is a leftover that nobody reads.
"""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import Max

from meterbook.intervals import IntervalStore
from meterbook.records.metering.models import IntervalLoad

LOAD, COMPACT, RETIRE = "load", "compact", "retire"


def interval_store() -> IntervalStore:
    """The store in the data directory."""
    return IntervalStore(Path(settings.DATA_DIR) / "intervals")


def generations() -> list[int]:
    """The generations that count, oldest first."""
    counted = IntervalLoad.objects.filter(replaced_by__isnull=True, kind__in=[LOAD, COMPACT])
    return list(counted.order_by("generation").values_list("generation", flat=True))


def one_writer() -> None:
    """Wait until no other transaction writes to the store, and keep it so until this one ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('metering.interval_store'))")


def next_generation(store: IntervalStore) -> int:
    """A number above every one on record or on the disk, so that nothing a crash left behind is taken for new.

    Only for the one writer.
    """
    on_record = IntervalLoad.objects.aggregate(newest=Max("generation"))["newest"] or 0
    on_disk = max((number for _, number, _ in store.folder.generation_folders()), default=0)
    return max(on_record, on_disk) + 1
