"""What somebody asks for: who goes where and who comes, on which day, with reads, documents and deposit.

A plan is plain values. It is written down with its move, so that one for a later day is carried out as it was asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from meterbook.engine.moves.rules import ESTIMATE, OWNER


@dataclass(frozen=True, slots=True)
class Leaving:
    """An account's service at a premise ends: ``on`` is the first day it no longer pays.

    ``unserved`` says what is done where nobody takes it over: ``owner`` or ``off``. ``autopay_stops`` ends drafts at
    once instead of after the last bill.
    """

    account: int
    premise: int
    on: date
    forwarding: tuple[str, ...] = ()
    closes: bool = True
    unserved: str = OWNER
    autopay_stops: bool = False


@dataclass(frozen=True, slots=True)
class Deposit:
    """Whether a deposit is asked, of which credit standing, in how many parts, or what it is waived for."""

    ask: bool = True
    standing: str = "unknown"
    parts: int = 1
    waiver: str = ""


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody not on record yet."""

    name: str
    is_organisation: bool = False
    phone: str = ""
    email: str = ""
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Entering:
    """An account's service at a premise begins on a day. Either a ``person`` on record, or a ``newcomer``.

    ``account`` 0 opens one, in ``cycle`` where the premise's meters name none. ``schedules`` are by service point
    code; a point left out takes what is proposed. ``debt_waived`` says why old debt was let pass; ``household``: they
    lived there with the customer before. ``also`` are further premises of the same account.
    """

    premise: int
    on: date
    person: int = 0
    newcomer: NewPerson | None = None
    account: int = 0
    cycle: str = ""
    mail_lines: tuple[str, ...] = ()
    schedules: Mapping[str, str] = field(default_factory=dict)
    deposit: Deposit = field(default_factory=Deposit)
    documents: tuple[str, ...] = ()
    tenant: bool = False
    debt_waived: str = ""
    household: bool = False
    autopay_goes_along: bool = False
    also: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole move: of one kind, who leaves (in a swap the one before), who enters, and the reads of the day.

    ``reads`` are what registers showed, by register; ``no_read`` what is done where none is given.
    """

    kind: str
    leaving: tuple[Leaving, ...] = ()
    entering: Entering | None = None
    reads: Mapping[int, Decimal] = field(default_factory=dict)
    no_read: str = ESTIMATE
    note: str = ""

    @property
    def on(self) -> date:
        """The first day on which anything changes."""
        return min([*(one.on for one in self.leaving), *([self.entering.on] if self.entering else [])])

    @property
    def last(self) -> date:
        """The last day on which anything changes: the move is carried out then."""
        return max([*(one.on for one in self.leaving), *([self.entering.on] if self.entering else [])])


def written(plan: Plan) -> dict[str, Any]:
    """The plan as JSON."""
    made: dict[str, Any] = _plain(asdict(plan))
    return made


def _plain(found: Any) -> Any:
    if isinstance(found, dict):
        return {str(key): _plain(value) for key, value in found.items()}
    if isinstance(found, list | tuple):
        return [_plain(each) for each in found]
    if isinstance(found, date):
        return found.isoformat()
    return str(found) if isinstance(found, Decimal) else found


def read_back(found: Mapping[str, Any]) -> Plan:
    """The plan from JSON.

    >>> plan = Plan("stop", (Leaving(1, 2, date(2026, 9, 8)),), None, {7: Decimal("12.5")})
    >>> read_back(written(plan)) == plan
    True
    """
    entering = found["entering"]
    return Plan(
        kind=found["kind"], leaving=tuple(_leaving(one) for one in found["leaving"]),
        entering=_entering(entering) if entering else None,
        reads={int(key): Decimal(value) for key, value in found["reads"].items()}, no_read=found["no_read"],
        note=found["note"],
    )  # fmt: skip


def _leaving(found: Mapping[str, Any]) -> Leaving:
    return Leaving(**{**found, "on": date.fromisoformat(found["on"]), "forwarding": tuple(found["forwarding"])})


def _entering(found: Mapping[str, Any]) -> Entering:
    return Entering(
        **{
            **found, "on": date.fromisoformat(found["on"]), "mail_lines": tuple(found["mail_lines"]),
            "documents": tuple(found["documents"]), "also": tuple(found["also"]),
            "deposit": Deposit(**found["deposit"]),
            "newcomer": NewPerson(**found["newcomer"]) if found["newcomer"] else None,
        }
    )  # fmt: skip


def settled(plan: Plan, *, account: int, person: int) -> Plan:
    """The same plan for the account and person that were opened for it."""
    assert plan.entering is not None
    return replace(plan, entering=replace(plan.entering, account=account, person=person, newcomer=None))
