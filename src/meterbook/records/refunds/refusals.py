"""What refunds are refused for, each with its own words."""

from __future__ import annotations

from meterbook.engine.trace import Step


class RefundRefused(ValueError):
    """Base of the refusals here; ``step`` is the sentence in the reader's language."""

    def __init__(self, step: Step) -> None:
        self.step = step
        super().__init__(step.words(str))


class NotRefundable(RefundRefused):
    """The money is not there, not certain yet, too little, or may not go this way."""


class NotNow(RefundRefused):
    """The refund, payout, batch or property is not in a state in which this can be done."""


class BeyondLimit(RefundRefused):
    """The person who decides may not decide about so much."""


class WrongFile(RefundRefused):
    """A file of statuses says something the records contradict."""
