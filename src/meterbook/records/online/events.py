"""The processor's events: which fields are kept, and what each is about. Nothing else of an event is ever stored."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from meterbook.records.online.card_numbers import without_card_numbers
from meterbook.records.online.refusals import WrongEvent

#: Fields kept of an event's object, by path. No path leads to a card, a bank account, a name or an address.
KEPT = (
    "id", "object", "payment_intent", "charge", "amount_total", "amount", "amount_refunded", "currency",
    "payment_status", "status", "reason", "client_reference_id", "metadata.account_number", "metadata.checkout",
)  # fmt: skip
#: Fields that are whole numbers of cents.
_CENTS = frozenset({"amount_total", "amount", "amount_refunded"})
#: Events that mean something here; every other is kept and left alone.
COMPLETED, SUCCEEDED = "checkout.session.completed", "checkout.session.async_payment_succeeded"
FAILED, EXPIRED = "checkout.session.async_payment_failed", "checkout.session.expired"
REFUNDED, DISPUTED, CLOSED = "charge.refunded", "charge.dispute.created", "charge.dispute.closed"


@dataclass(frozen=True, slots=True)
class Told:
    """A proved event: ``body`` its kept fields by path, ``intent`` the payment it is about, or the session."""

    event: str
    kind: str
    intent: str
    body: dict[str, Any]
    sha256: str


def read_event(raw: bytes) -> Told:
    """What is kept of an event's bytes. Raises `WrongEvent`.

    >>> told = read_event(b'{"id": "evt_1", "type": "charge.refunded", "data": {"object": {"id": "ch_1",'
    ...     b'"payment_intent": "pi_1", "amount_refunded": 500, "source": {"number": "4242424242424242"}}}}')
    >>> told.intent, told.body
    ('pi_1', {'id': 'ch_1', 'payment_intent': 'pi_1', 'amount_refunded': 500})
    """
    try:
        found = json.loads(raw)
        event, kind, about = found["id"], found["type"], found["data"]["object"]
    except (ValueError, KeyError, TypeError) as error:
        raise WrongEvent("expected a JSON event with id, type and data.object") from error
    if not (isinstance(event, str) and isinstance(kind, str) and isinstance(about, dict) and 0 < len(event) <= 80):
        raise WrongEvent("id, type: expected text of at most 80 characters; data.object: expected an object")
    body = {path: value for path in KEPT if (value := _at(about, path)) is not None}
    intent = str(body.get("payment_intent") or body.get("id") or "")[:60]
    return Told(without_card_numbers(event), kind[:60], intent, body, sha256(raw).hexdigest())


def _at(about: dict[str, Any], path: str) -> str | int | None:
    """A plain value; texts without card numbers and at most 80 characters, amounts whole."""
    value: Any = about
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    if path in _CENTS:
        if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < 0):
            raise WrongEvent(f"{path}: expected whole cents")
        return value
    return without_card_numbers(value)[:80] if isinstance(value, str) else None
