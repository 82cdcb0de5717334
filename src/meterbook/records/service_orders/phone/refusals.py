"""What the office says no to when a phone asks."""

from __future__ import annotations

from meterbook.engine.trace import N_
from meterbook.records.service_orders.refusals import OrderRefused


class NotOnYourPhone(OrderRefused):
    """The order never was on this person's phone: whose it is, is nobody else's business."""

    message = N_("This order is not on your route.")


class NoOutcome(OrderRefused):
    """What was sent is no outcome; the sentence names the field."""

    message = N_("The office cannot read {field}: found {found}, expected {expected}.")
