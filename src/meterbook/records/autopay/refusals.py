"""What is refused here, each with its own words."""

from __future__ import annotations

from meterbook.engine.trace import Step


class AutopayRefused(ValueError):
    """Base of the refusals here; ``step`` is the sentence in the reader's language."""

    def __init__(self, step: Step) -> None:
        self.step = step
        super().__init__(step.words(str))


class AlreadyEnrolled(AutopayRefused):
    """The account has an authorisation already: it is revoked first, or changed by a new one."""


class NotEnrolled(AutopayRefused):
    """The enrolment has ended, or is not in the state asked for."""


class WrongRunStage(AutopayRefused):
    """The run of drafts has moved on, or is not there yet."""


class FiguresChanged(AutopayRefused):
    """The figures are no longer those that were asked about."""


class NothingToSend(AutopayRefused):
    """There is nothing to write a file about."""


class NotReversible(AutopayRefused):
    """The entry is none of ours that moved money, was reversed before, or the days for it are over."""
