"""Moves in the tests' office: the policy, Ana's move planned, a landlord's agreement."""

from __future__ import annotations

from datetime import date

from tests.web.office import BILL_2, Office, act

from meterbook.demo.sources import POLICY_DIR
from meterbook.records.moves.models import LandlordAgreement, Move
from meterbook.records.moves.operations.landlords import open_agreement
from meterbook.records.moves.operations.make import make_move
from meterbook.records.moves.plans import Leaving, Plan
from meterbook.records.places.models import Premise
from meterbook.records.platform.operations.approvals import decide_approval
from meterbook.records.platform.operations.release_policy import propose_policy, release_policy
from meterbook.records.platform.policies import released


def with_policy(office: Office) -> None:
    """The policy of moves is in force."""
    if released("moves", BILL_2) is not None:
        return
    text = (POLICY_DIR / "moves.yaml").read_text(encoding="utf-8")
    asks, decides = act(office.staff["supervisor"], BILL_2), act(office.staff["finance"], BILL_2)
    request = propose_policy(asks, text=text, file="moves.yaml")
    approval = decide_approval(decides, request=request, approve=True)
    release_policy(decides, text=text, file="moves.yaml", approval=approval)


PLAIN = ("moves", "move_start", "move_many", "landlords")
POSTED_ONLY = {"move_draft", "move_now", "move_attach"}
FILES = {"move_document"}


def planned(office: Office) -> Move:
    """Ben leaves on the 20th."""
    with_policy(office)
    found = Move.objects.filter(state=Move.PLANNED).first()
    mill = Premise.objects.get(street="Mill Street", street_number="12")
    return found or make_move(
        act(office.staff["csr"], BILL_2, "by phone"),
        plan=Plan("stop", (Leaving(office.ben.pk, mill.pk, date(2026, 9, 20)),)),
    )


def landlord(office: Office) -> LandlordAgreement:
    """Ana owns the empty house."""
    found = LandlordAgreement.objects.first()
    return (
        found
        or open_agreement(
            act(office.staff["csr"], BILL_2),
            account=office.ana,
            premises=[office.vacant],
            starts=BILL_2,
            evidence="signed",
        )[0]
    )


def arguments(office: Office) -> dict[str, list[object]]:
    """The arguments of the pages of moves."""
    one, number = planned(office), office.ana.number
    return {
        "end_landlord": [landlord(office).pk], "move": [one.pk], "cancel_move": [one.pk],
        "correct_move": [one.pk, one.premise_id], "correct_move_customer": [one.pk], "undo_move": [one.pk],
        "move_stop": [number], "move_transfer": [number], "move_bankruptcy": [number], "change_name": [number],
        "landlord": [number], "open_landlord": [number],
    }  # fmt: skip
