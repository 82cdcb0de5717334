"""Delivery of events from the outbox to whoever subscribed; runs in the worker, once per event."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from procrastinate.contrib.django import app

from meterbook.records.platform.queries import event_with_id

if TYPE_CHECKING:
    from meterbook.records.platform.models import Event

log = logging.getLogger(__name__)

#: Subscribers by event kind; each must be idempotent, since delivery is at least once.
SUBSCRIBERS: dict[str, list[Callable[[Event], None]]] = {}


@app.task(name="meterbook.jobs.events.deliver", queue="events", retry=5)
def deliver(event_id: int) -> None:
    """Hand one event to its subscribers; an event nobody listens to is simply done."""
    event = event_with_id(event_id)
    for subscriber in SUBSCRIBERS.get(event.kind, []):
        subscriber(event)
    log.info("delivered %s (%s)", event.kind, event.pk)
