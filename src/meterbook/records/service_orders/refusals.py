"""What service orders refuse, each with the sentence that says why."""

from __future__ import annotations

from meterbook.engine.trace import N_, Step, Value


class OrderRefused(ValueError):
    """What cannot be done with an order; ``step`` says why in any language. Nothing was changed."""

    message = N_("This order cannot take that step.")

    def __init__(self, message: str = "", **values: Value) -> None:
        self.step = Step(message or self.message, values)
        super().__init__(self.step.words(str))


class NoSuchStep(OrderRefused):
    """The order would jump over a step, or go back."""

    message = N_("This order is {found}; from there it cannot become {wanted}. Nothing was changed.")


class NoReason(OrderRefused):
    """An order, or the end of one, needs a reason."""

    message = N_("Say why in one sentence; it stays with the order.")


class NoPlace(OrderRefused):
    """An order is for a service point, an address or a place in words."""

    message = N_("Say where: a service point, an address, or the place in words.")


class UnknownKind(OrderRefused):
    """There is no such kind of order."""

    message = N_("There is no kind of order called {kind}.")


class GuardRefused(OrderRefused):
    """Something that must be asked before a crew goes, or turns the valve, says no; ``moment`` is when it was asked."""

    def __init__(self, moment: str, step: Step) -> None:
        self.moment = moment
        ValueError.__init__(self, step.words(str))
        self.step = step


class NoSuchOrder(OrderRefused):
    """There is no order of that number, or it is the same one."""

    message = N_("There is no other order of this number.")
