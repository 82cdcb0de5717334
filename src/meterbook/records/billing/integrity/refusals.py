"""What deciding a finding refuses, each with the sentence that says why."""

from __future__ import annotations

from meterbook.engine.trace import N_, Step, Value


class CannotDecideFinding(ValueError):
    """A decision that is refused; ``step`` says why in any language. Nothing was changed."""

    message = N_("This cannot be decided here.")

    def __init__(self, message: str = "", **values: Value) -> None:
        self.step = Step(message or self.message, values)
        super().__init__(self.step.words(str))


class NoExplanation(CannotDecideFinding):
    """The auditor would find no reason."""

    message = N_("Say why; the auditor reads it.")


class FindingMoved(CannotDecideFinding):
    """The finding is in another state than the decision supposes, or says something else than was shown."""

    message = N_("This finding has changed in the meantime. Look at where it stands now.")


class OwnerCannotWork(CannotDecideFinding):
    """The person holds no role that works findings."""

    message = N_("{name} does not work on findings: a billing technician or a supervisor does.")
