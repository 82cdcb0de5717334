"""Tasks in the tests' office: one to take, who stands in, somebody told; and the staff's setup pages."""

from __future__ import annotations

from datetime import timedelta

from tests.web.office import BILL_2, Office, act

from meterbook.engine.trace import Step
from meterbook.records.platform.models import Deed, RoleGrant
from meterbook.records.platform.roles import BILLING, CSR
from meterbook.records.tasks import opening
from meterbook.records.tasks.models import Delegation, Notification, Task
from meterbook.records.tasks.operations.standing_in import delegate

PLAIN = (
    "tasks", "ask_task", "standing_in", "be_away", "notifications", "palette", "shortcuts", "staff", "add_staff",
    "operations", "access_review",
)  # fmt: skip
POSTED_ONLY = {"claim_task", "finish_task", "put_back_task", "see_notifications", "close_tab"}
FILES = {"told"}


def task(office: Office) -> Task:
    """Somebody calls Ana back."""
    deed = Deed.objects.filter(kind="test.office").latest("pk")
    return opening.open_task(
        deed, kind="test.call", subject=f"account:{office.ana.pk}", title=Step("Call {name} back", {"name": "Ana"}),
        role=CSR, due_on=BILL_2, link=("account", [office.ana.number]),
    )  # fmt: skip


def away(office: Office) -> Delegation:
    """Walter Quill is away next week, and Dana sees to his tasks; she is told."""
    found = Delegation.objects.filter(withdrawn=False).first()
    first = BILL_2 + timedelta(days=6)
    return found or delegate(
        act(office.staff["billing"], BILL_2), user=office.staff["billing"], to=office.staff["dana"], first=first,
        last=first + timedelta(days=4),
    )  # fmt: skip


def arguments(office: Office) -> dict[str, list[object]]:
    """What the addresses of tasks and setup need."""
    made, gone = task(office).pk, away(office).pk
    role = RoleGrant.objects.get(user=office.staff["dana"], role=BILLING).pk
    return {
        "task": [made], "hand_over_task": [made], "cancel_task": [made], "end_standing_in": [gone],
        "told": [Notification.objects.latest("pk").pk], "staff_member": ["csr"], "grant_role": ["csr"],
        "switch_sign_in": ["csr"], "end_role": [role],
    }  # fmt: skip
