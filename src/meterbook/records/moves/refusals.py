"""Why a move is not made, in the reader's language."""

from __future__ import annotations

from meterbook.engine.trace import Step


class MoveRefused(ValueError):
    """What cannot be done and why; ``step`` is the sentence."""

    def __init__(self, step: Step) -> None:
        self.step = step
        super().__init__(step.words(str))


class DebtBars(MoveRefused):
    """Old debt bars the start; it is paid or arranged first, or somebody who may lets it pass."""
