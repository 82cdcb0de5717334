"""The counter in the tests' office: the supervisor's drawer with one receipt in it."""

from __future__ import annotations

from tests.web.office import BILL_2, Office, act

from meterbook.records.cashiering.models import Drawer, Receipt
from meterbook.records.cashiering.operations.drawers import open_drawer
from meterbook.records.cashiering.operations.take_receipt import taken
from meterbook.records.cashiering.slips import Given, Slip, Wanted

PLAIN = ("counter", "receipts", "drawers", "open_drawer", "bank_deposits", "make_bank_deposit")
POSTED_ONLY = {"counter_slip", "counter_take", "receipt_email"}
FILES = {"receipt_pdf"}


def drawer(office: Office, who: str = "supervisor", station: str = "Window 1") -> Drawer:
    """Somebody's open drawer with a float of a hundred dollars."""
    user = office.staff[who]
    found = Drawer.objects.filter(cashier=user).exclude(state=Drawer.CLOSED).first()
    return found or open_drawer(act(user, BILL_2), station=station, float_cents=10_000)


def receipt(office: Office) -> Receipt:
    """Ben pays twenty dollars of his bill in cash at the supervisor's window."""
    slip = Slip((Wanted("payment", 2_000, office.ben),), (Given("cash", 2_000),))
    return taken(act(office.staff["supervisor"], BILL_2), drawer=drawer(office), slip=slip, key="tests-web")


def arguments(office: Office) -> dict[str, list[object]]:
    """The arguments of the counter's pages."""
    made = receipt(office)
    own, of_drawer = [made.pk], [made.drawer_id]
    return {
        "receipt": own, "void_receipt": own, "drawer": of_drawer, "drop_cash": of_drawer, "count_drawer": of_drawer,
        "close_drawer": of_drawer,
    }  # fmt: skip
