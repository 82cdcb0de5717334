"""What a correction is refused for, in the office's words."""

from __future__ import annotations


class UnknownCause(ValueError):
    """The policy back-billing has no such cause."""


class NothingPosted(ValueError):
    """Nothing posted that stands was found in the scope of the case."""


class AlreadyInCase(ValueError):
    """Another open case is about the same segments."""


class CaseClosed(ValueError):
    """The case is not at the stage this step needs."""


class StillNeeded(ValueError):
    """An agreement was ended, or given to another customer, within days this case is to put right."""


class NoReason(ValueError):
    """A correction says why."""


class BilledMeanwhile(ValueError):
    """A bill of one of the accounts waits in another run, or was posted since the case was calculated."""


class NoLongerStands(ValueError):
    """A segment of the case was taken back by another correction."""


class DecidedUsageDoesNotFit(ValueError):
    """A decided usage must cover whole billed periods of the case, each day once."""


class UsageNotConserved(ValueError):
    """Between the accounts of crossed meters usage would be made or lost."""


class BeyondAuthority(PermissionError):
    """The amount is more than the decider's role may approve."""
