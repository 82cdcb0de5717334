"""New service in the tests' office: three permits in the queue, a quote for 7 Mill Street, an order to set a meter."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from tests.web.office import BILL_2, Office, act

import meterbook.formats.permits as format_of_permits
from meterbook.records.new_service.models import Permit, Quote
from meterbook.records.new_service.operations.import_permits import import_permits
from meterbook.records.new_service.operations.quotes import ToWhom, Work, issue_quote

PLAIN = ("permits", "import_permits", "quotes", "map")
FILES = {"quote_pdf", "set_sheet"}
SAMPLE = Path(format_of_permits.__file__).parent / "samples" / "permits-csv" / "good-three.csv"


def permit(office: Office, number: str = "BLD26-00412") -> Permit:
    """A permit of the sample file: 9 Mill Street is new, 214 Tannery Row is Ana's."""
    if not Permit.objects.exists():
        import_permits(
            act(office.staff["csr"], BILL_2), format="permits-csv", file_name="permits.csv", content=SAMPLE.read_bytes()
        )
    return Permit.objects.get(number=number)


def quote(office: Office) -> Quote:
    """A water service of an inch for the empty house."""
    found = Quote.objects.first()
    work = Work("water_service", "1", 1, {"pipe": Decimal("42.5"), "paving": Decimal(0)}, {"5/8": 1})
    return found or issue_quote(
        act(office.staff["csr"], BILL_2), premise=office.vacant, work=work,
        to=ToWhom("Quarry Homes", ["9 Mill Street"], "en"),
    )  # fmt: skip


def arguments(office: Office) -> dict[str, list[object]]:
    """The arguments of the pages of new service."""
    return {
        "permit": [permit(office).pk], "dismiss_permit": [permit(office).pk], "permit_again": [permit(office).pk],
        "quote": [quote(office).pk], "withdraw_quote": [quote(office).pk], "begin_quote": [office.vacant.pk],
    }  # fmt: skip
