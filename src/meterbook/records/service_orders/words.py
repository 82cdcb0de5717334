"""Kinds, states, causes of service orders as words."""

from __future__ import annotations

from meterbook.engine.trace import N_, Step
from meterbook.records.service_orders.models import Order

KIND_WORDS = {
    "set": N_("Set a meter"),
    "remove": N_("Remove a meter"),
    "swap": N_("Exchange a meter"),
    "on": N_("Turn service on"),
    "off": N_("Turn service off"),
    "lock": N_("Lock a meter"),
    "unlock": N_("Take a lock off"),
    "seal": N_("Seal a meter"),
    "unseal": N_("Take a seal off"),
    "re_read": N_("Read again"),
    "final_read": N_("Final read"),
    "initial_read": N_("First read"),
    "verify_number": N_("Verify a meter's number"),
    "verify_location": N_("Verify where a meter is"),
    "check": N_("Look at a meter"),
    "test": N_("Test a meter"),
    "leak_check": N_("Look for a leak"),
    "tamper": N_("Look for tampering"),
    "door_hanger": N_("Hang a notice on the door"),
    "locate": N_("Mark what is underground"),
    "cart": N_("Bring or take a cart"),
    "route_change": N_("Put a meter on another route"),
}


def order_words(order: Order) -> Step:
    """The order in a few words: what, and where."""
    premise = order.premise
    where = premise.address if premise is not None else order.place
    return Step(N_("Order {number}: {what}, {where}"), {
        "number": str(order.pk), "what": Step(KIND_WORDS[order.kind]), "where": where,
    })  # fmt: skip
