"""What is refused about locate tickets, each with the sentence that says why."""

from __future__ import annotations

from meterbook.engine.trace import N_
from meterbook.records.service_orders.refusals import OrderRefused


class UnknownCode(OrderRefused):
    """No such code in the policy."""

    message = N_("The 811 centre knows no answer {code}. Choose one from the list.")


class TicketOver(OrderRefused):
    """The excavator took the ticket back."""

    message = N_("Ticket {number} was taken back by the excavator; nothing is to be answered.")


class UnreadableTickets(OrderRefused):
    """A file of tickets that cannot be read."""

    message = N_("The file cannot be read: {why}")
