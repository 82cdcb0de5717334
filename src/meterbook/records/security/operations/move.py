"""A deposit goes along when its customer moves: from one account to another of the same person."""

from __future__ import annotations

from typing import Any

from meterbook.engine.trace import N_, Step
from meterbook.records.customers.models import Account
from meterbook.records.customers.relations import refuse_own
from meterbook.records.ledger.deposits.interest import accrued, give
from meterbook.records.ledger.deposits.queries import deposits
from meterbook.records.ledger.models import Deposit, DepositUse
from meterbook.records.ledger.settle import lock_accounts
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Approval, Deed
from meterbook.records.platform.queries import accounting_period
from meterbook.records.platform.roles import BILLING, CSR, SUPERVISOR
from meterbook.records.security.seconds import DOES, ask

MOVE = "security.move"


class CannotMove(ValueError):
    """The deposit does not go to that account; ``step`` is the sentence."""

    def __init__(self, step: Step) -> None:
        self.step = step
        super().__init__(step.words(str))


@operation("security.request_move", roles={CSR, BILLING, SUPERVISOR})
def request_move(deed: Deed, *, account: Account, to: Account) -> Approval:
    """Ask a second person to let everything held for an account go to another of its holder.

    Raises `CannotMove` and `OwnAccount`.
    """
    request = move_asked(deed, account, to)
    tell(deed, "security.second_asked", approval=request.pk, kind=MOVE)
    return request


def move_asked(deed: Deed, account: Account, to: Account) -> Approval:
    """Ask a second person as part of another deed; see `request_move`."""
    for one in (account, to):
        refuse_own(deed.actor, one, deed.business_date)
    shown = _shown(account, to)
    return ask(deed, kind=MOVE, account=account, preview=shown, cents=int(shown["cents"]))


def _shown(account: Account, to: Account) -> dict[str, Any]:
    """What would move. Raises `CannotMove`."""
    if account.pk == to.pk or account.holder_id != to.holder_id:
        raise CannotMove(Step(N_("A deposit moves to another account of the same person.")))
    if to.closed_on is not None:
        raise CannotMove(Step(N_("The account it would go to is closed.")))
    held = sum(int(one.held_cents) for one in deposits(account.pk))
    if held <= 0:
        raise CannotMove(Step(N_("Nothing is held for this account.")))
    return {"account": account.number, "to": to.number, "cents": held}


def _move(deed: Deed, request: Approval) -> list[Deposit]:
    """Interest up to today stays on the old account; the deposits go on bearing it on the new one from today."""
    account, to = (Account.objects.get(number=request.preview[key]) for key in ("account", "to"))
    lock_accounts(sorted((account.pk, to.pk)))
    if _shown(account, to) != request.preview:
        raise CannotMove(Step(N_("What is held changed since it was shown; refuse this and ask again.")))
    day = deed.business_date
    give(
        accrued(day, [account.pk]), upto=day, to="account", bill="", due_on=day, effective_on=day,
        period=accounting_period(day), deed=deed,
    )  # fmt: skip
    made = [
        _moved(deed, one, int(one.held_cents), to)
        for one in deposits(account.pk).order_by("pk") if one.held_cents > 0
    ]  # fmt: skip
    tell(deed, "security.moved", account=account.pk, to=to.pk, cents=request.preview["cents"])
    return made


DOES[MOVE] = _move


def _moved(deed: Deed, deposit: Deposit, cents: int, to: Account) -> Deposit:
    """Nothing moves in the books: the liability is one. The subledger says where it went."""
    day = deed.business_date
    use = DepositUse.objects.create(deposit=deposit, kind=DepositUse.MOVED, amount_cents=cents, used_on=day, deed=deed)
    return Deposit.objects.create(
        account=to, service=deposit.service, amount_cents=cents, received_on=day, kind=Deposit.MOVED,
        since=deposit.since or deposit.received_on, moved_from=use, liability=deposit.liability, deed=deed,
    )  # fmt: skip
