"""What an operation refuses, in the reader's words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: Refusals by the name of their class; any other refusal speaks for itself.
WORDS: dict[str, str | Promise] = {
    "SamePerson": _("You asked for this yourself, so someone else must decide it."),
    "AlreadyDecided": _("This request was decided in the meantime. Nothing was changed."),
    "NotApproved": _("The approval is missing, or was given for something else. Ask for approval again."),
    "WrongStage": _("The run has moved on in the meantime. Look at where it stands now."),
    "ChunksLeft": _("Not every account is calculated yet. Wait until the calculation has ended."),
    "AlreadyPlanned": _(
        "This cycle already has a run for this date, or one that is not finished. Finish or cancel it first."
    ),
    "ClockRunsForward": _("The business date never goes back."),
    "DraftClosed": _("The draft has moved on in the meantime. Look at where it stands now."),
    "DraftMoved": _(
        "Somebody saved this draft in the meantime. Copy what you typed, load the page again, and put it in there."
    ),
    "AlreadyBilled": _(
        "Bills were issued for days on which the new rates would apply. Move the first day, or say that you know it."
    ),
    "NothingNew": _("Every version in this text is released already. Give the newest one a new name and first day."),
    "HistoryChanged": _("The text changes or drops a version that was released. Released rates are never rewritten."),
    "RunInBetween": _(
        "A bill run is calculated with the old rates for days of the new ones. Post it or cancel it first."
    ),
    "UnknownFormat": _("This file format is not known here. Choose one from the list."),
}


def is_refusal(error: Exception) -> bool:
    """Whether an exception is the project's own way of saying no, not a programming error."""
    return type(error).__module__.startswith("meterbook.")


def in_words(error: Exception) -> str:
    """The refusal as one or two sentences."""
    return str(WORDS.get(type(error).__name__, "") or error)
