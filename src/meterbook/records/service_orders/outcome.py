"""What a crew brings back, as one value: what was found, read, answered, used, signed, or why nothing could be done.

The phone makes it, the office's page makes it, a test makes it; `completing.complete` takes it.

>>> from datetime import UTC, datetime
>>> read = MeterRead("W-1", "delivered", Decimal("120"), datetime(2024, 7, 1, 9, tzinfo=UTC))
>>> sent = Outcome(key="phone-7:1", version=2, done_at=read.at, reads=(read,), seals_on=("S-9",))
>>> outcome_of(as_sent(sent)) == sent
True
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from meterbook.engine.trace import N_
from meterbook.records.service_orders.refusals import OrderRefused


class NoOutcome(OrderRefused):
    """What came is no outcome: something is missing, or is not what it should be."""

    message = N_("This is no outcome of a visit: {what}. Nothing was kept.")


@dataclass(frozen=True, slots=True)
class MeterRead:
    """What one register showed: the meter's serial, the register's channel, the value as on its face, and when."""

    serial: str
    channel: str
    value: Decimal
    at: datetime


@dataclass(frozen=True, slots=True)
class Face:
    """A register as the meter's face says: digits before the point, and the multiplier."""

    channel: str
    dials: int
    multiplier: Decimal


@dataclass(frozen=True, slots=True)
class MeterPutUp:
    """The meter that was hung; it stands on the shop's shelf. ``faces`` is what it says of itself, if it was noted."""

    serial: str
    faces: tuple[Face, ...] = ()


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
    at and stands by. ``done_on`` is the day the work counts from, where that is not the day of ``done_at``.
    """

    key: str
    version: int
    done_at: datetime
    code: str = ""
    danger: str = ""
    serial: str = ""
    reads: tuple[MeterRead, ...] = ()
    put_up: MeterPutUp | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
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

    def of(self, serial: str) -> dict[str, MeterRead]:
        """The reads of one meter by channel."""
        return {read.channel: read for read in self.reads if read.serial == serial}


_WORDS = ("code", "danger", "serial", "signer", "note")
_NUMBERS = ("seals_on", "seals_off", "locks_on", "locks_off")


def as_sent(outcome: Outcome) -> dict[str, Any]:
    """An outcome as JSON, without pictures and signature, which are kept as files."""
    up = outcome.put_up
    return {
        "key": outcome.key, "version": outcome.version, "done_at": outcome.done_at.isoformat(),
        "done_on": outcome.done_on.isoformat() if outcome.done_on else None,
        **{name: getattr(outcome, name) for name in _WORDS},
        **{name: list(getattr(outcome, name)) for name in _NUMBERS},
        "reads": [
            {"serial": one.serial, "channel": one.channel, "value": f"{one.value:f}", "at": one.at.isoformat()}
            for one in outcome.reads
        ],
        "put_up": up and {
            "serial": up.serial,
            "faces": [{"channel": f.channel, "dials": f.dials, "multiplier": f"{f.multiplier:f}"} for f in up.faces],
        },
        "answers": dict(outcome.answers),
        "findings": [{"code": one.code, "note": one.note} for one in outcome.findings],
        "parts": [{"code": one.code, "quantity": one.quantity, "serial": one.serial} for one in outcome.parts],
        "confirmed": sorted(outcome.confirmed),
    }  # fmt: skip


def outcome_of(found: Mapping[str, Any], *, photos: tuple[Photo, ...] = (), signature: bytes = b"") -> Outcome:
    """The outcome that JSON of `as_sent` states; raises `NoOutcome`."""
    try:
        made = Outcome(
            key=str(found["key"]), version=int(found["version"]), done_at=_moment(found["done_at"]),
            done_on=date.fromisoformat(found["done_on"]) if found.get("done_on") else None,
            code=_text(found, "code"), danger=_text(found, "danger"), serial=_text(found, "serial"),
            signer=_text(found, "signer"), note=_text(found, "note"),
            seals_on=_texts(found, "seals_on"), seals_off=_texts(found, "seals_off"),
            locks_on=_texts(found, "locks_on"), locks_off=_texts(found, "locks_off"),
            reads=tuple(
                MeterRead(str(one["serial"]), str(one["channel"]), _number(one["value"]), _moment(one["at"]))
                for one in found.get("reads") or ()
            ),
            put_up=_put_up(found["put_up"]) if found.get("put_up") else None,
            answers={str(item): str(said)[:200] for item, said in (found.get("answers") or {}).items()},
            findings=tuple(Finding(str(one["code"]), str(one.get("note", ""))) for one in found.get("findings") or ()),
            parts=tuple(
                Part(str(one["code"]), int(one.get("quantity", 1)), str(one.get("serial", "")))
                for one in found.get("parts") or ()
            ),
            photos=photos, signature=signature, confirmed=frozenset(_texts(found, "confirmed")),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation) as error:
        raise NoOutcome(what=str(error)) from error
    if not made.key or len(made.key) > 64 or made.version < 0 or any(one.quantity < 1 for one in made.parts):
        raise NoOutcome(what="key, version, quantity")
    return made


def _put_up(found: Mapping[str, Any]) -> MeterPutUp:
    faces = found.get("faces") or ()
    return MeterPutUp(
        str(found["serial"]),
        tuple(Face(str(one["channel"]), int(one["dials"]), _number(one["multiplier"])) for one in faces),
    )


def _text(found: Mapping[str, Any], name: str) -> str:
    return str(found.get(name) or "").strip().replace("\0", "")


def _texts(found: Mapping[str, Any], name: str) -> tuple[str, ...]:
    said = found.get(name) or ()
    if not isinstance(said, (list, tuple)):
        raise ValueError(f"{name}: found {said!r}, expected a list")
    return tuple(str(one).strip().replace("\0", "") for one in said if str(one).strip())


def _moment(said: str) -> datetime:
    moment = datetime.fromisoformat(said)
    if moment.tzinfo is None:
        raise ValueError(f"{said}: a time without a zone")
    return moment


def _number(said: Any) -> Decimal:
    number = Decimal(str(said))
    if not number.is_finite() or abs(number) >= 10**9:
        raise ValueError(f"{said}: no read")
    return number
