"""Kinds, states, causes of service orders as words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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
ORDERS: dict[str, dict[str, str | Promise]] = {
    "order_kind": {code: _(said) for code, said in KIND_WORDS.items()},
    "order_state": {
        "draft": pgettext_lazy("order", "To be approved"),
        "approved": pgettext_lazy("order", "To be planned"),
        "scheduled": pgettext_lazy("order", "Planned"),
        "dispatched": pgettext_lazy("order", "With the crew"),
        "on_site": pgettext_lazy("order", "On site"),
        "completed": pgettext_lazy("order", "Done"),
        "unable": pgettext_lazy("order", "Could not be done"),
        "cancelled": pgettext_lazy("order", "Called off"),
        "reviewed": pgettext_lazy("order", "Reviewed"),
        "closed": pgettext_lazy("order", "Closed"),
    },
    "order_cause": {
        "": pgettext_lazy("order cause", "None"),
        "requested": pgettext_lazy("order cause", "The customer asked"),
        "nonpayment": pgettext_lazy("order cause", "Nonpayment"),
        "vacant": pgettext_lazy("order cause", "Nobody lives there"),
        "emergency": pgettext_lazy("order cause", "Emergency"),
        "repair": pgettext_lazy("order cause", "Repair"),
        "theft": pgettext_lazy("order cause", "Theft of service"),
    },
    "order_what": {
        "opened": pgettext_lazy("order step", "Asked"),
        "approved": pgettext_lazy("order step", "Approved"),
        "scheduled": pgettext_lazy("order step", "Planned"),
        "dispatched": pgettext_lazy("order step", "Sent to the crew"),
        "fetched": pgettext_lazy("order step", "Taken on the phone"),
        "recalled": pgettext_lazy("order step", "Taken back"),
        "changed": pgettext_lazy("order step", "Changed"),
        "arrived": pgettext_lazy("order step", "Arrived"),
        "checked": pgettext_lazy("order step", "Checked before the valve"),
        "completed": pgettext_lazy("order step", "Done"),
        "unable": pgettext_lazy("order step", "Could not be done"),
        "conflict": pgettext_lazy("order step", "To be decided"),
        "accepted": pgettext_lazy("order step", "Counted after all"),
        "set_aside": pgettext_lazy("order step", "Set aside"),
        "reviewed": pgettext_lazy("order step", "Reviewed"),
        "closed": pgettext_lazy("order step", "Closed"),
        "cancelled": pgettext_lazy("order step", "Called off"),
    },
    "order_link": {
        "follow_up": pgettext_lazy("order link", "Goes on with"),
        "part": pgettext_lazy("order link", "Has the part"),
        "reopens": pgettext_lazy("order link", "Done again by"),
        "blocks": pgettext_lazy("order link", "Must be done before"),
    },
    "order_linked_from": {
        "follow_up": pgettext_lazy("order link", "Goes on from"),
        "part": pgettext_lazy("order link", "Is part of"),
        "reopens": pgettext_lazy("order link", "Does again"),
        "blocks": pgettext_lazy("order link", "Waits for"),
    },
    "order_field": {
        "reason": _("What is asked"),
        "wanted_on": _("Wanted on"),
        "emergency": _("Emergency"),
    },
    "visit_state": {
        "applied": pgettext_lazy("visit", "On record"),
        "conflict": pgettext_lazy("visit", "To be decided"),
        "set_aside": pgettext_lazy("visit", "Set aside"),
    },
    "service_state": {"on": pgettext_lazy("service", "On"), "off": pgettext_lazy("service", "Off")},
}
#: What a code says by its colour and shape.
STATES = {
    "completed": "good",
    "scheduled": "waiting", "dispatched": "waiting", "on_site": "waiting", "unable": "stop", "conflict": "stop",
    "applied": "good", "set_aside": "off", "reviewed": "good",
}  # fmt: skip


def order_words(order: Order) -> Step:
    """The order in a few words: what, and where."""
    premise = order.premise
    where = premise.address if premise is not None else order.place
    return Step(N_("Order {number}: {what}, {where}"), {
        "number": str(order.pk), "what": Step(KIND_WORDS[order.kind]), "where": where,
    })  # fmt: skip
