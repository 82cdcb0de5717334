"""Moves in the tests' office: the policy, Ana's move planned, a landlord's agreement."""

from __future__ import annotations

from tests.web.office import BILL_2, Office, act

from meterbook.demo.sources import POLICY_DIR
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
