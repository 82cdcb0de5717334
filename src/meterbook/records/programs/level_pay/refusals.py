"""What level payment refuses, in words of the reader's language."""

from __future__ import annotations

from collections.abc import Sequence

from meterbook.engine.trace import N_, Step


class LevelPayRefused(ValueError):
    """The rules of level payment do not allow it; ``step`` is the first reason, ``reasons`` are all."""

    def __init__(self, reasons: Sequence[Step]) -> None:
        self.reasons = tuple(reasons)
        self.step = self.reasons[0]
        super().__init__(" ".join(step.words(str) for step in self.reasons))


def not_active() -> LevelPayRefused:
    """The plan has ended in the meantime."""
    return LevelPayRefused([Step(N_("The plan has ended already."), {})])


def moved() -> LevelPayRefused:
    """What was shown is not what would be done now."""
    return LevelPayRefused([Step(N_("The figures have changed since they were shown. Look at them again."), {})])
