"""What an operation refuses, in the reader's words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.engine.trace import Step

#: Refusals by the name of their class; any other refusal speaks for itself.
WORDS: dict[str, str | Promise] = {
    "SamePerson": _("You asked for this yourself, so someone else must decide it."),
    "AlreadyDecided": _("This request was decided in the meantime. Nothing was changed."),
    "NotApproved": _("The approval is missing, or was given for something else. Ask for approval again."),
    "WrongStage": _("The run has moved on in the meantime. Look at where it stands now."),
    "NothingCalculated": _("Nothing of this run was calculated yet, so there is nothing to take back."),
    "AlreadyHandedOff": _("Every bill was handed to the printer already. Print again from a piece instead."),
    "NoSuchPiece": _("The run's mail has no piece of this number."),
    "OrderChanged": _("Addresses changed since the hand-off: the pieces have other numbers. Print again from piece 1."),
    "AlreadyClosed": _("The run is closed."),
    "ChunksLeft": _("Not every account is calculated yet. Wait until the calculation has ended."),
    "AlreadyPlanned": _(
        "This cycle already has a run for this date, or one that is not finished. Finish or cancel it first."
    ),
    "InOpenRun": _(
        "An account is in a run that is not posted. Post or cancel that run, or hold the account out of it, first."
    ),
    "NothingEnded": _("No service of the account has ended that is still to be billed. Move the customer out first."),
    "WrongDates": _(
        "The dates do not make a run: reads or services end before the reads begin, or the bill is due before it is "
        "sent."
    ),
    "NothingToSum": _("No member has a posted bill up to that day that is not on a summary yet."),
    "WrongGroup": _(
        "The group has no payer or its code is taken, or an account is in a group already, or was billed since that "
        "day."
    ),
    "WrongDeposit": _("A deposit is more than nothing and was received today or before."),
    "ClockRunsForward": _("The business date never goes back."),
    "DraftClosed": _("The draft has moved on in the meantime. Look at where it stands now."),
    "DraftMoved": _(
        "Somebody saved this draft in the meantime. Copy what you typed, load the page again, and put it in there."
    ),
    "AlreadyBilled": _(
        "Bills were issued for days on which the new rates would apply. Move the first day, or say that you know it."
    ),
    "HistoryChanged": _("The text changes or drops a version that was released. Released rates are never rewritten."),
    "RunInBetween": _("A bill run is begun with the old rates for days of the new ones. Post it or cancel it first."),
    "RatesChanged": _(
        "Rates for days of this run were released after its bills were calculated. Do the run again, or cancel it."
    ),
    "InReview": _(
        "Another draft of this schedule is in review. It is released, sent back or taken out of review first."
    ),
    "DecidedElsewhere": _("It is decided on the draft's own page, beside its differences, golden bills and revenue."),
    "NotItsWriter": _("Only who wrote in this draft, a supervisor or the finance director may take it back."),
    "NotText": _("The text holds a character that is none (NUL). Take it out; nothing was saved."),
    "WrongCode": _(
        "Type letters, digits and hyphens, at most twenty; list, versions and drafts are pages of the rate book."
    ),
    "AlreadyApplied": _("These winter averages are in force already."),
    "NothingToReset": _("No service point is billed by a winter average on this day."),
    "ResetNotApproved": _("Nobody else agreed to exactly these quantities. Ask for agreement again."),
    "OwnComparison": _("You made this comparison yourself, so somebody else signs it."),
    "NoteNeeded": _("Bills are unexplained: say what is accepted and why."),
    "AlreadySigned": _("This comparison is signed already."),
    "NothingPosted": _("Nothing posted that stands was found there."),
    "AlreadyInCase": _("Another open correction case is about a part of this. Withdraw it or post it first."),
    "StillNeeded": _("A move rests on this case: correct or take back the move first, then withdraw the case."),
    "CaseClosed": _("The case has moved on in the meantime. Look at where it stands now."),
    "BilledMeanwhile": _(
        "A bill of one of these accounts waits in another run, or was posted since. Let that run post, then calculate "
        "the case again."
    ),
    "NoLongerStands": _("Another correction took back a part of this in the meantime. Withdraw the case."),
    "AlreadyTakenBack": _("Another correction took back a part of this in the meantime. Calculate the case again."),
    "BeyondAuthority": _("The amount is more than your role may approve. Ask the finance director."),
    "UsageNotConserved": _("Usage would be made or lost: both accounts must be in the case for the same days."),
    "DecidedUsageDoesNotFit": _("A usage is decided for whole billed periods of the case, each day once."),
    "UnknownFormat": _("This file format is not known here. Choose one from the list."),
}


def is_refusal(error: Exception) -> bool:
    """Whether an exception is the project's own way of saying no, not a programming error."""
    return type(error).__module__.startswith("meterbook.")


def in_words(error: Exception) -> str:
    """The refusal as one or two sentences: its own in the reader's language, else those of its class."""
    step = getattr(error, "step", None)
    if isinstance(step, Step):
        return step.words(gettext)
    return str(WORDS.get(type(error).__name__, "") or error)
