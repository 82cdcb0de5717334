"""An event of the card processor: kept once, then applied once. Whatever fails later, what was signed is on record."""

from __future__ import annotations

from meterbook.records.online.applying import apply_events
from meterbook.records.online.events import Told
from meterbook.records.online.models import EventEffect, ProcessorEvent
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import FINANCE, SYSTEM


@operation("online.keep_event", roles={SYSTEM})
def keep_event(deed: Deed, *, told: Told) -> ProcessorEvent:
    """Put a proved event on record; the same id again is the same row, also when both come at once."""
    kept, new = ProcessorEvent.objects.get_or_create(
        event=told.event,
        defaults={"kind": told.kind, "intent": told.intent, "body": told.body, "sha256": told.sha256, "deed": deed},
    )
    tell(deed, "online.event_kept", event=kept.pk, kind=kept.kind, new=new)
    return kept


@operation("online.apply_events", roles={SYSTEM, FINANCE})
def apply_kept(deed: Deed, *, event: ProcessorEvent) -> list[EventEffect]:
    """Apply an event, and whatever of the same payment waited for it. Raises `NoPolicy`, `NoLedgerAccount`."""
    made = apply_events(deed, event.intent)
    tell(
        deed, "online.events_applied", event=event.pk,
        effects=[{"event": each.event_id, "outcome": each.outcome, "cents": each.cents} for each in made],
    )  # fmt: skip
    return made
