"""A report's columns as the table shows them: each figure opens the page it comes from."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.urls import reverse

from meterbook.reports.contract import Column as Given
from meterbook.web.kit.cells import Column, Row

#: Where each kind of origin opens, from the value under the column's ``origin_key``.
_OPENS: dict[str, Callable[[str], str]] = {
    "meter": lambda key: reverse("meter", args=[key]),
    "account": lambda key: reverse("account", args=[key]),
    "premise": lambda key: reverse("premise", args=[key]),
    "exception": lambda key: reverse("exception", args=[key]),
    "batch": lambda key: reverse("read_batch", args=[key]),
    "route": lambda key: reverse("route", args=[key]),
    "field_request": lambda key: reverse("field_request", args=[key]),
    "photo": lambda key: reverse("read_photo", args=[key]),
    "missing": lambda key: reverse("missing_reads", args=[key]),
    "questions": lambda key: f"{reverse('exceptions')}?{urlencode({'route': key})}",
    "bill": lambda key: reverse("bill", args=[key]),
    "service_order": lambda key: reverse("service_order", args=[key]),
    "detail": lambda key: f"{reverse('report', args=['meter_inventory'])}?{key}",
}


def shown_column(given: Given) -> Column:
    """The table's column for a report's."""
    return Column(
        given.key, given.title, kind=given.kind, filter=given.filter, choices=given.choices,
        vocabulary=given.vocabulary, total=given.total, spare=given.spare, href=_link(given) if given.origin else None,
    )  # fmt: skip


def _link(given: Given) -> Callable[[Row], str]:
    opens = _OPENS[given.origin]

    def href(row: Row) -> str:
        key = row.get(given.origin_key)
        return opens(str(key)) if key not in (None, "") and row.get(given.key) not in (None, "", False) else ""

    return href
