"""What a crew brings back, as one value: what was found, read, answered, used, signed, or why nothing could be done.

The phone makes it, the office's page makes it, a test makes it; `completing.complete` takes it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class MeterRead:
    """What one register showed: the meter's serial, the register's channel, the value as on its face, and when."""

    serial: str
    channel: str
    value: Decimal
    at: datetime


@dataclass(frozen=True, slots=True)
class NewRegister:
    """A register of a meter that is not on record: how it counts."""

    channel: str
    dials: int
    decimals: int
    multiplier: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class MeterPutUp:
    """The meter that was hung. ``registers`` only where it was not on record; otherwise the shop's shelf knows it."""

    serial: str
    size: str = ""
    manufacturer: str = ""
    model: str = ""
    registers: tuple[NewRegister, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """Something found that nobody was sent for: a code of the policy, and words."""

    code: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """Parts used, in whole pieces."""

    code: str
    quantity: int = 1
    serial: str = ""


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture by its bytes (JPEG, PNG or WebP)."""

    content: bytes
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One visit's outcome.

    ``key`` is the sender's own: the same key again changes nothing and returns what became of it the first time.
    ``version`` is the order's version the crew saw; 0 stands for the office, who sees it as it is. ``code`` says why
    the work could not be done (empty: it was done); ``danger`` is a code of what the next one must beware of.
    ``serial`` is the meter found hanging there. ``reads`` are of the meter that hangs (or hung: out) and, at a set or
    swap, of ``put_up`` (in), told apart by serial. ``confirmed`` names the doubts (`doubts.Doubt.code`) somebody looked
    at and stands by.
    """

    key: str
    version: int
    done_at: datetime
    code: str = ""
    danger: str = ""
    serial: str = ""
    reads: tuple[MeterRead, ...] = ()
    put_up: MeterPutUp | None = None
    answers: dict[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    parts: tuple[Part, ...] = ()
    seals_on: tuple[str, ...] = ()
    seals_off: tuple[str, ...] = ()
    locks_on: tuple[str, ...] = ()
    locks_off: tuple[str, ...] = ()
    photos: tuple[Photo, ...] = ()
    signature: bytes = b""
    signer: str = ""
    note: str = ""
    confirmed: frozenset[str] = frozenset()
    done_on: date | None = None

    @property
    def able(self) -> bool:
        """Whether the work was done."""
        return not self.code
