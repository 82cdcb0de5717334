"""The second person decides, and what was shown is done in the same deed."""

from __future__ import annotations

from typing import Any

from meterbook.records.customers.models import Account
from meterbook.records.customers.relations import refuse_own
from meterbook.records.platform.deeds import Act, operation, tell
from meterbook.records.platform.models import Approval, Deed
from meterbook.records.platform.operations.approvals import decide_approval
from meterbook.records.platform.roles import FINANCE, SUPERVISOR
from meterbook.records.security.operations import assess, give_back, instruments, move
from meterbook.records.security.seconds import DOES

#: The modules whose kinds of requests are decided here; each put its own into `DOES`.
KINDS_OF = (assess, give_back, instruments, move)


@operation("security.decide", roles={SUPERVISOR, FINANCE})
def decide_security(deed: Deed, *, request: Approval, approve: bool) -> Any:
    """Do what was asked for exactly as it was shown, or refuse it; returns what was made, or None.

    Raises `SamePerson`, `AlreadyDecided`, `OwnAccount`, `Changed`, and what the deed itself refuses: then nothing is
    decided.
    """
    numbers = [number for key in ("account", "accounts", "to") for number in _listed(request.preview.get(key))]
    for account in Account.objects.filter(number__in=numbers):
        refuse_own(deed.actor, account, deed.business_date)
    act = Act(actor=deed.actor, business_date=deed.business_date, reason=deed.reason, approval=request)
    decide_approval(act, request=request, approve=approve)
    made = DOES[request.kind](deed, request) if approve else None
    tell(deed, "security.decided", approval=request.pk, approved=approve)
    return made


def _listed(found: Any) -> list[str]:
    return found if isinstance(found, list) else [found] if isinstance(found, str) else []
