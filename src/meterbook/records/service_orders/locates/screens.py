"""What the list of tickets and one ticket's page show."""

from __future__ import annotations

from typing import Any

from django.db.models import F, QuerySet

from meterbook.formats.contract import WrongFormat
from meterbook.formats.locates import ParsedLocates
from meterbook.formats.registry import any_format
from meterbook.records.service_orders.locates.refusals import UnreadableTickets
from meterbook.records.service_orders.models import Locate, LocateAnswer, LocateRevision, Order

FORMATS = ("locates-json", "locates-text", "locates-csv")


def tickets(which: str = "waiting") -> QuerySet[Locate, Any]:
    """Tickets that wait for an answer, the most urgent first, or all of them."""
    rows = Locate.objects.all() if which == "all" else Locate.objects.filter(state=Locate.WAITING)
    return rows.values(
        "id", "number", "revision", "kind", "state", "called_at", "work_at", "due_at", "place", "work", "excavator",
        order_number=F("order_id"),
    )  # fmt: skip


def find(number: str) -> Locate | None:
    """A ticket by its number, or nothing."""
    return Locate.objects.select_related("premise", "order").filter(number=number).first()


def of_order(order: Order) -> Locate | None:
    """The ticket a crew's order was opened for."""
    return Locate.objects.filter(pk=order.source_id or 0).first() if order.source_kind == "locate" else None


def revisions(locate: Locate) -> list[LocateRevision]:
    """Every revision, the newest first."""
    return list(LocateRevision.objects.filter(locate=locate).select_related("deed__actor").order_by("-revision"))


def answers(locate: Locate) -> list[LocateAnswer]:
    """Every answer, the newest first."""
    return list(LocateAnswer.objects.filter(locate=locate).select_related("deed__actor", "order").order_by("-pk"))


def read_tickets(content: bytes, format: str = "") -> ParsedLocates:
    """A file of tickets; its form is told by how it begins where nobody says it. Raises `UnreadableTickets`."""
    form = any_format(format if format in FORMATS else _told(content))
    try:
        parsed: ParsedLocates = form.parse(content)
    except WrongFormat as error:
        raise UnreadableTickets(why=str(error)) from error
    return parsed


def _told(content: bytes) -> str:
    begins = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:400]
    if begins[:1] in (b"{", b"["):
        return "locates-json"
    first = begins.split(b"\n", 1)[0].lower()
    return "locates-csv" if b"," in first and b"ticket" in first and b":" not in first else "locates-text"
