"""What net metering refuses, in words of the reader's language."""

from __future__ import annotations

from meterbook.engine.trace import Step, Value


class NetMeteringRefused(ValueError):
    """Net metering cannot be arranged like this; ``step`` says why."""

    def __init__(self, step: Step) -> None:
        self.step = step
        super().__init__(step.words(str))


def refused(message: str, **values: Value) -> NetMeteringRefused:
    """The refusal with these words."""
    return NetMeteringRefused(Step(message, values))
