"""The second person: what is asked for is decided and done in one deed, exactly as it was shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from meterbook.records.customers.models import Account
from meterbook.records.platform.models import Approval, Deed

Does = Callable[[Deed, Approval], Any]
#: What doing each kind of request means, by the request's kind; each module of operations adds its own.
DOES: dict[str, Does] = {}


class NeedsSecond(PermissionError):
    """A second person decides this first."""


class Changed(ValueError):
    """What would be done is no longer what was shown; refuse it and ask again."""


def ask(deed: Deed, *, kind: str, account: Account | None, preview: dict[str, Any], cents: int) -> Approval:
    """Ask a second person; ``preview`` shows exactly what will be done. The operation tells."""
    subject = f"security:{account.number if account else 'list'}"
    return Approval.objects.create(
        kind=kind, subject=subject, preview=preview, amount_cents=cents, requested_by=deed.actor, reason=deed.reason
    )


def same(shown: dict[str, Any], now: dict[str, Any]) -> None:
    """Raise `Changed` where what would be done is not what was shown."""
    if shown != now:
        changed = sorted(key for key in {*shown, *now} if shown.get(key) != now.get(key))
        raise Changed(f"changed since it was shown: {', '.join(changed)}")
