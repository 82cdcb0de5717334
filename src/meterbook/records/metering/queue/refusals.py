"""What the queue refuses, each with the sentence that says why."""

from __future__ import annotations

from meterbook.engine.trace import N_, Step, Value


class CannotDecide(ValueError):
    """A decision that is refused; ``step`` says why in any language. Nothing was changed."""

    message = N_("This cannot be decided here.")

    def __init__(self, message: str = "", **values: Value) -> None:
        self.step = Step(message or self.message, values)
        super().__init__(self.step.words(str))


#: What became of a read, in a sentence.
OUTCOMES = {
    "accepted": N_("it was accepted"),
    "corrected": N_("it was corrected"),
    "estimated": N_("it was estimated"),
    "rejected": N_("it was rejected"),
    "passed": N_("no read is missing any more"),
}


class DecidedMeanwhile(CannotDecide):
    """Somebody decided otherwise."""

    message = N_("This was decided in the meantime: {outcome}. Look at where it stands now.")

    def __init__(self, resolution: str) -> None:
        super().__init__(outcome=Step(OUTCOMES[resolution]))


class NotInForce(CannotDecide):
    """A read that makes no usage needs no doubt."""

    message = N_("Only a read that was accepted can be put in question.")


class NoRead(CannotDecide):
    """The item is about a read that did not come, or about intervals."""

    message = N_("There is no read here to decide on. Estimate it, or ask for it to be read.")


class NoReason(CannotDecide):
    """The auditor would find no reason."""

    message = N_("Say why in one sentence; it stays with the decision.")


class CannotShow(CannotDecide):
    """The register has no such digits."""

    message = N_("The register shows {dials} digits and {decimals} decimals; {value:,} is no read of it.")


class OpeningRead(CannotDecide):
    """The register's chain starts that day."""

    message = N_("The register started with its opening read on {on}; that day has no other. Reject this one.")


class NoBelievableUsage(CannotDecide):
    """With this read, a pair of accepted reads could not be billed."""

    message = N_("With this, the read {value:,} of {on} would make no believable usage: {problem}")


class NoEstimate(CannotDecide):
    """No method can estimate it."""

    message = N_("No estimate can be made: {problem}")


#: Why there is no estimate where the method asked for is none.
UNKNOWN_METHOD = N_("there is no such method.")


class NotMissing(CannotDecide):
    """There is something to decide on."""

    message = N_("Only a read that did not come can be passed over; here is something to decide on.")


class NeedsApproval(CannotDecide):
    """Too dear for one person alone."""

    message = N_("More than ${limit:,} is at risk here. Ask a second person to approve it; then it can be accepted.")


class NotTheirWork(CannotDecide):
    """The owner named does not work on the queue."""

    message = N_("{name} does not work on the exception queue today.")


class PreviewChanged(CannotDecide):
    """What would be done is not what was shown."""

    message = N_("Something changed since the preview, so nothing was done. Look at the new preview.")


#: Why a pair of reads makes no usage, as a sentence; keys of `engine.metering.register.PROBLEMS`.
PROBLEM_WORDS = {
    "beyond_dials": N_("a read shows more digits than the register has."),
    "register_changed": N_("dials or multiplier changed without a new chain."),
    "no_days": N_("both reads are of the same day."),
    "rollover_implausible": N_("the register would have fallen, and no rollover explains it."),
    "too_fine": N_("usage times the multiplier is finer than a millionth of the unit."),
    "questioned": N_("somebody questioned this read."),
}


def problem_words(problem: str) -> Step:
    """A problem's sentence; an unknown one speaks for itself."""
    return Step(PROBLEM_WORDS.get(problem, problem.replace("_", " ").replace("{", "").replace("}", "")))
