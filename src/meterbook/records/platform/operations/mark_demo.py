"""Marking a database as a demo's: what may be wiped and founded anew, and how far an interrupted demo came."""

from __future__ import annotations

from typing import Any

from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed, Event
from meterbook.records.platform.roles import SYSTEM

FOUNDED, FINISHED = "platform.demo_founded", "platform.demo_finished"


@operation("platform.mark_demo", roles={SYSTEM})
def mark_demo(deed: Deed, *, kind: str, accounts: int, seed: int) -> None:
    """Note that this database holds a demo city, drawn by ``seed`` for ``accounts``, and whether it is finished."""
    tell(deed, kind, accounts=accounts, seed=seed)


def demo_mark(kind: str) -> dict[str, Any] | None:
    """What was noted under ``kind``, or ``None``."""
    event = Event.objects.filter(kind=kind).first()
    return None if event is None else dict(event.payload)
