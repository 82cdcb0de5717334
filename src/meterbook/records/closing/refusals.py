"""What closing refuses; ``step`` is the sentence in the reader's language."""

from __future__ import annotations

from meterbook.engine.trace import Step


class CannotClose(ValueError):
    """Base of the refusals here."""

    def __init__(self, step: Step) -> None:
        self.step = step
        super().__init__(step.words(str))


class NotReady(CannotClose):
    """An item of the checklist is open, an earlier month too, or the month is not over."""


class NotTheOwner(CannotClose):
    """Neither the item's owner nor the finance director."""


class NothingToSign(CannotClose):
    """The item checks itself and nothing stands in its way, or nothing of that name is on the checklist."""


class ChangedSince(CannotClose):
    """The figures are no longer those that were shown."""


class MonthClosed(CannotClose):
    """The month is locked already, or not yet where it has to be."""
