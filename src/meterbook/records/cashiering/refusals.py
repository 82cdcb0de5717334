"""What the counter refuses, in sentences a cashier reads on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meterbook.engine.money import dollars
from meterbook.engine.trace import N_, Step

if TYPE_CHECKING:
    from meterbook.records.cashiering.models import Receipt


class CounterRefusal(ValueError):
    """A refusal with its sentence; ``step`` is said in the reader's language."""

    says = ""

    def __init__(self, **values: str | int) -> None:
        self.step = Step(self.says, dict(values))
        super().__init__(self.step.words(str))


class NotYourDrawer(CounterRefusal):
    """Money goes into a drawer by the hand of its own cashier."""

    says = N_("This is {cashier}'s drawer. Money goes into it by {cashier}'s hand alone.")


class DrawerNotOpen(CounterRefusal):
    """The drawer was counted or closed."""

    says = N_("The drawer at {station} is counted: it takes no more receipts, drops or voids.")


class DrawerOfAnotherDay(CounterRefusal):
    """A drawer is counted on the day it was opened."""

    says = N_("The drawer at {station} was opened on another day. Count it, and open a new one.")


class DrawerStillOpen(CounterRefusal):
    """A cashier has one drawer at a time, and a station holds one."""

    says = N_("{who} already has a drawer at {station} that is not closed.")


class WrongFloat(CounterRefusal):
    """More change than the rules lend, or a station they do not name."""

    says = N_("A drawer is lent up to {most}, at one of: {stations}.")


class WrongLine(CounterRefusal):
    """A line that says neither whose bill it pays nor what was sold."""

    says = N_("Line {line}: choose an account or something from the list, and key an amount.")


class FixedPrice(CounterRefusal):
    """The catalogue has a price for it."""

    says = N_("{words} costs {price}.")


class ShortOfMoney(CounterRefusal):
    """Less was handed over than is to be paid."""

    says = N_("{missing} is missing. Key another tender, or take less on a line.")


class NoChangeForThat(CounterRefusal):
    """Only cash gives change."""

    says = N_("Only cash gives change: take the check, money order or card for what is paid, or more on a line.")


class NothingPaid(CounterRefusal):
    """No line or no tender."""

    says = N_("A receipt has at least one line and one tender, each with an amount.")


class WrongTender(CounterRefusal):
    """A card without its confirmation, or with something that looks like a card's number."""

    says = N_("A card is paid on the hosted page: key the confirmation it shows, never the card's number.")


class BarredTender(CounterRefusal):
    """Checks of this customer came back, or another tender is barred for a time."""

    says = N_("Account {number} may not pay by {tender} for now, because earlier payments came back.")


class KeyUsed(CounterRefusal):
    """The page's key stands on a receipt of other lines and tenders."""

    says = N_("This page already made receipt {number}. Begin a new one.")


class AlreadyTaken(Exception):
    """The same receipt was sent before; it is ``receipt``. Never seen outside the counter's operations."""

    def __init__(self, receipt: Receipt) -> None:
        self.receipt = receipt
        super().__init__(f"receipt {receipt.pk} was taken before")


class AlreadyVoided(CounterRefusal):
    """The receipt was voided before."""

    says = N_("Receipt {number} is voided already.")


class CashIsGone(CounterRefusal):
    """What the receipt took was dropped into the safe: it cannot be handed back over the counter."""

    says = N_(
        "The drawer at {station} has not enough cash left to give this back. Take the payment back by hand, and refund"
        " it."
    )


class VoidNeedsAnother(CounterRefusal):
    """A void is given by somebody who neither took the money nor asked for it."""

    says = N_("{who} took this money or asked for the void; somebody else gives it.")


class UnknownCounterReason(CounterRefusal):
    """No such reason in the rules."""

    says = N_("Choose one of the reasons of the list.")


class LongReference(CounterRefusal):
    """More than the number of a check, a money order or a card's confirmation."""

    says = N_("The number on what is handed over has at most {most} characters.")


class BagDropped(CounterRefusal):
    """The same bag, sent twice, or a number keyed wrong."""

    says = N_("Bag {bag} of this drawer was dropped before.")


class TooMuchDropped(CounterRefusal):
    """More cash than can be in the drawer."""

    says = N_("There cannot be that much cash in the drawer.")


class CountNeeded(CounterRefusal):
    """Two people count a drawer before it is closed, and whoever closes it is one of them."""

    says = N_("Two people count the drawer before it is closed: its cashier, and whoever closes it.")


class CountsDiffer(CounterRefusal):
    """The two counts are not the same."""

    says = N_("The two counts are not the same. Count again, both of you.")


class SupervisorCloses(CounterRefusal):
    """The difference is beyond what anybody may close."""

    says = N_("The difference is more than {most}: a supervisor counts and closes this drawer.")


class WrongBag(CounterRefusal):
    """The bag is empty, its number is taken, or a drawer in it is not closed or was deposited before."""

    says = N_("A bag has its own number and holds at least one closed drawer that was not deposited before.")


class OwnDrawer(CounterRefusal):
    """Whoever took the money neither closes the drawer nor makes up the deposit."""

    says = N_("You took money into this drawer; somebody else does this.")


def said(cents: int) -> str:
    """Cents as dollars, inside a sentence."""
    return f"${dollars(cents):,}"
