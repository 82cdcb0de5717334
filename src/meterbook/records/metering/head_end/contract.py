"""What a head-end can be asked, and how it answers or refuses. Whoever speaks to one does it outside a transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from meterbook.engine.trace import N_, Step, Value


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer about one meter: whether it talked, the head-end's own time of it, the read if one was asked for.

    ``value`` is the register as displayed, in ``unit``; None where nothing was read. ``message`` is the head-end's own
    words.
    """

    answered: bool
    at: datetime | None
    value: Decimal | None = None
    unit: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    """Whether the head-end is there: its name and version, and how many meters it knows."""

    name: str
    version: str
    meters: int


class HeadEnd(Protocol):
    """A head-end. Each question raises `HeadEndRefused` where no answer about the meter came."""

    name: str

    def ping(self, serial: str) -> Answer:
        """Ask whether a meter talks."""

    def read_now(self, serial: str, channel: str) -> Answer:
        """Ask what one register of a meter shows now."""

    def status(self) -> Status:
        """Ask whether the head-end itself is there."""


class HeadEndRefused(ValueError):
    """No answer about the meter; ``step`` says why in any language."""

    message = N_("The head-end gave no answer.")

    def __init__(self, message: str = "", **values: Value) -> None:
        self.step = Step(message or self.message, values)
        super().__init__(self.step.words(str))


class NotConfigured(HeadEndRefused):
    """The environment names no head-end."""

    message = N_("No head-end is set up here. Whoever runs this installation sets METERBOOK_HEAD_END_URL.")


class HeadEndSilent(HeadEndRefused):
    """The head-end itself cannot be reached, or takes too long."""

    message = N_("The head-end did not answer in time ({tries} tries). Try again in a few minutes.")


class HeadEndFailed(HeadEndRefused):
    """The head-end answered with an error, or with something that is no answer."""

    message = N_("The head-end answered “{found}”. Its administrator can say more.")


class MeterUnknown(HeadEndRefused):
    """The head-end does not know the meter."""

    message = N_("The head-end does not know meter {serial}.")
