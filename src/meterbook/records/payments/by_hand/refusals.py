"""What a change by hand is refused for, each with its own words."""

from __future__ import annotations

from meterbook.engine.trace import Step


class HandRefused(ValueError):
    """Base of the refusals here; ``step`` is the sentence in the reader's language."""

    def __init__(self, step: Step) -> None:
        self.step = step
        super().__init__(step.words(str))


class NotPossible(HandRefused):
    """The amount, the accounts or the day do not fit."""


class MovedOn(HandRefused):
    """Something else would post now than what was shown to whoever was asked."""


class BeyondYourLimit(HandRefused):
    """The person who decides may not decide about so much."""
