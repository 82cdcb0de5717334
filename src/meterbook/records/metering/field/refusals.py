"""What the field's list refuses, each with the sentence that says why."""

from __future__ import annotations

from meterbook.engine.trace import N_, Step, Value


class FieldRefused(ValueError):
    """A step that is refused; ``step`` says why in any language. Nothing was changed."""

    message = N_("This field request cannot take that step.")

    def __init__(self, message: str = "", **values: Value) -> None:
        self.step = Step(message or self.message, values)
        super().__init__(self.step.words(str))


#: States as words within a sentence.
STATE_WORDS = {
    "flagged": N_("flagged"),
    "approved": N_("approved"),
    "dispatched": N_("sent out"),
    "read": N_("visited"),
    "no_access": N_("not reached"),
    "confirmed": N_("confirmed"),
    "corrected": N_("corrected"),
    "closed": N_("closed"),
}


class NoSuchStep(FieldRefused):
    """The request would jump over a step, or go back."""

    message = N_("This request is {found}; from there it cannot become {wanted}. Nothing was changed.")

    def __init__(self, found: str, wanted: str) -> None:
        super().__init__(found=Step(STATE_WORDS[found]), wanted=Step(STATE_WORDS[wanted]))


class NoOutcome(FieldRefused):
    """A request never ends silently."""

    message = N_("Say in one sentence what came of it; a request does not end without an outcome.")


class NoEvidence(FieldRefused):
    """Nobody saw the register, and nobody says what it is settled by."""

    message = N_("Nobody got to the meter: say in one sentence what this rests on.")


class NoActualRead(FieldRefused):
    """The meter was estimated too often, and still nobody has read it."""

    message = N_(
        "This meter was estimated too often: an accepted actual read after {since} ends the request. Without one, only "
        "a supervisor ends it, and says why."
    )


class NothingSeen(FieldRefused):
    """A visit with neither a read nor a word."""

    message = N_("Type the read, or say what was seen.")


class ReadNeeded(FieldRefused):
    """The request asks for a read."""

    message = N_("This request asks for a read: type what the register shows, or say why nobody could read it.")


class NotHere(FieldRefused):
    """The register hangs elsewhere."""

    message = N_("Meter {serial} does not hang at this service point on {day}.")


class WrongDay(FieldRefused):
    """A visit before the request, or after today."""

    message = N_("{day} is not a day of this request: it was raised on {since}, and today is {today}.")


class NotTheirRequest(FieldRefused):
    """The owner named does not work in the field or on the queue."""

    message = N_("{name} neither reads meters nor works on reads today.")
