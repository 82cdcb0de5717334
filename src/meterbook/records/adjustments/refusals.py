"""What an adjustment is refused for, each with its own words."""

from __future__ import annotations

from meterbook.engine.trace import Step
from meterbook.records.customers.relations import OwnAccount

__all__ = [
    "AboveYourLimit", "AdjustmentRefused", "AlreadyUndone", "NotAllowed", "NotEligible", "OwnAccount", "ProofMissing",
]  # fmt: skip


class AdjustmentRefused(ValueError):
    """Base of the refusals here; ``step`` is the sentence in the reader's language."""

    def __init__(self, step: Step) -> None:
        self.step = step
        super().__init__(step.words(str))


class NotAllowed(AdjustmentRefused):
    """The reason does not allow this amount, direction, service or time."""


class ProofMissing(AdjustmentRefused):
    """The reason asks for proof and none is attached."""


class AboveYourLimit(AdjustmentRefused):
    """The person who decides may not decide about so much."""


class NotEligible(AdjustmentRefused):
    """The leak claim does not meet the policy's rules."""


class AlreadyUndone(AdjustmentRefused):
    """The adjustment is not booked, or is reversed, or about to be."""
