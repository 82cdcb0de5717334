"""What an operation on places refuses, in words that are put into the reader's language."""

from __future__ import annotations

from meterbook.engine.trace import Step, Value


class PlaceRefused(ValueError):
    """What was asked for cannot be; ``step`` says why and what to do."""

    def __init__(self, message: str, **values: Value) -> None:
        self.step = Step(message, values)
        super().__init__(self.step.words(str))


class RouteMoved(PlaceRefused):
    """Somebody else changed the route since it was shown; nothing was changed."""
