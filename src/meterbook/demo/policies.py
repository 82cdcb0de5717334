"""Alder Bend's policies, released the way every policy is: one person proposes, another decides."""

from __future__ import annotations

from meterbook.demo.calendar import UTILITY_ON
from meterbook.demo.sources import POLICY_DIR
from meterbook.demo.stories import Staff
from meterbook.records.platform.deeds import Act
from meterbook.records.platform.operations.approvals import decide_approval
from meterbook.records.platform.operations.release_policy import propose_policy, release_policy


def enact_policies(staff: Staff) -> int:
    """Release every policy document; returns how many."""
    asks = Act(actor=staff["supervisor"], business_date=UTILITY_ON, reason="Founding of Alder Bend")
    decides = Act(actor=staff["finance"], business_date=UTILITY_ON, reason="Founding of Alder Bend")
    files = sorted(POLICY_DIR.glob("*.yaml"))
    for path in files:
        text = path.read_text(encoding="utf-8")
        request = propose_policy(asks, text=text, file=path.name)
        approval = decide_approval(decides, request=request, approve=True)
        release_policy(decides, text=text, file=path.name, approval=approval)
    return len(files)
