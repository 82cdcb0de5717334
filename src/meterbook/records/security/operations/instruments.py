"""Instruments: taken in with their proof, renewed, given back, drawn on by two people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from meterbook.engine.money import dollars
from meterbook.engine.trace import N_, Step
from meterbook.records.customers.models import Account
from meterbook.records.customers.relations import refuse_own
from meterbook.records.ledger.deposits.interest import rules_in_force
from meterbook.records.ledger.settle import balance_of, lock_accounts
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Approval, Deed
from meterbook.records.platform.operations.attach_file import keep_file
from meterbook.records.platform.roles import BILLING, CSR, FINANCE, SUPERVISOR
from meterbook.records.security.instruments import left_of
from meterbook.records.security.models import KINDS, Draw, Instrument, InstrumentChange
from meterbook.records.security.seconds import DOES, ask, same

DRAW = "security.draw"
#: Kinds that name no amount, and those money can be drawn on.
WITHOUT_AMOUNT = ("good_payer_letter",)
DRAWN_ON = ("letter_of_credit", "surety_bond", "certificate_of_deposit", "guarantor", "prepayment", "other_assurance")


class WrongInstrument(ValueError):
    """The instrument cannot be taken, renewed or drawn on like this; ``step`` is the sentence."""

    def __init__(self, step: Step) -> None:
        self.step = step
        super().__init__(step.words(str))


@dataclass(frozen=True, slots=True)
class Proof:
    """The instrument itself, as a file."""

    file_name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Facts:
    """What an instrument says. ``ends`` is the last day it is valid; ``guarantor`` an account's holder."""

    kind: str
    issuer: str
    amount_cents: int
    starts: date
    ends: date | None
    number: str = ""
    guarantor: Account | None = None
    petition_on: date | None = None
    chapter: int | None = None


@operation("security.add_instrument", roles={CSR, BILLING, SUPERVISOR, FINANCE})
def add_instrument(deed: Deed, *, account: Account, facts: Facts, proofs: Sequence[Proof] = ()) -> Instrument:
    """Take an instrument in, with the file that proves it. Raises `WrongInstrument` and `OwnAccount`."""
    refuse_own(deed.actor, account, deed.business_date)
    _check(deed, account, facts)
    until = facts.ends + timedelta(days=1) if facts.ends else None
    made = Instrument.objects.create(
        account=account, kind=facts.kind, issuer=facts.issuer.strip(), number=facts.number.strip(),
        amount_cents=facts.amount_cents, guarantor=facts.guarantor, validity=DateRange(facts.starts, until),
        petition_on=facts.petition_on, chapter=facts.chapter, deed=deed,
    )  # fmt: skip
    keep_proofs(deed, made, proofs)
    tell(deed, "security.instrument_added", instrument=made.pk, account=account.pk, kind=facts.kind)
    return made


def keep_proofs(deed: Deed, instrument: Instrument, proofs: Sequence[Proof]) -> None:
    """Keep files with an instrument. Raises `TooLarge`."""
    for one in proofs:
        keep_file(
            deed, subject=f"instrument:{instrument.pk}", file_name=one.file_name, content_type=one.content_type,
            content=one.content,
        )  # fmt: skip


def _check(deed: Deed, account: Account, facts: Facts) -> None:
    """Raise `WrongInstrument` where the facts make none."""
    if facts.kind not in KINDS:
        raise WrongInstrument(Step(N_("There is no such kind of instrument.")))
    if not facts.issuer.strip():
        raise WrongInstrument(Step(N_("Say who issued it.")))
    if (facts.kind in WITHOUT_AMOUNT) != (facts.amount_cents == 0) or facts.amount_cents < 0:
        raise WrongInstrument(Step(N_("A good payer's letter names no amount; everything else names one.")))
    if facts.ends is not None and facts.ends < facts.starts:
        raise WrongInstrument(Step(N_("It ends before it begins.")))
    if (facts.kind == "guarantor") != (facts.guarantor is not None):
        raise WrongInstrument(Step(N_("A guarantor is named by their own account, and only a guarantor is.")))
    if facts.guarantor is not None and facts.guarantor.holder_id == account.holder_id:
        raise WrongInstrument(Step(N_("Nobody is their own guarantor.")))
    if facts.petition_on is not None:
        _, rules = rules_in_force(deed.business_date)
        days = rules.assurance_days_chapter_11 if facts.chapter == 11 else rules.assurance_days
        if facts.petition_on > deed.business_date or facts.kind in ("guarantor", "good_payer_letter"):
            raise WrongInstrument(
                Step(
                    N_("Assurance after a petition is money or a bank's or insurer's word, given within {days} days."),
                    {"days": days},
                )
            )


@operation("security.renew_instrument", roles={CSR, BILLING, SUPERVISOR, FINANCE})
def renew_instrument(deed: Deed, *, instrument: Instrument, ends: date, proofs: Sequence[Proof] = ()) -> Instrument:
    """Let an instrument go on to a later last day. Raises `WrongInstrument` and `OwnAccount`."""
    refuse_own(deed.actor, instrument.account, deed.business_date)
    made = _until(deed, instrument, ends + timedelta(days=1), InstrumentChange.RENEWED, proofs)
    tell(deed, "security.instrument_renewed", instrument=made.pk, until=str(ends))
    return made


@operation("security.release_instrument", roles={BILLING, SUPERVISOR, FINANCE})
def release_instrument(deed: Deed, *, instrument: Instrument) -> Instrument:
    """Give an instrument back: today is its last day. Raises `WrongInstrument` and `OwnAccount`."""
    refuse_own(deed.actor, instrument.account, deed.business_date)
    made = _until(deed, instrument, deed.business_date + timedelta(days=1), InstrumentChange.RELEASED, ())
    tell(deed, "security.instrument_released", instrument=made.pk, until=str(deed.business_date))
    return made


def _until(deed: Deed, instrument: Instrument, until: date, kind: str, proofs: Sequence[Proof]) -> Instrument:
    locked = Instrument.objects.select_for_update(of=("self",)).get(pk=instrument.pk)
    now = locked.validity.upper
    longer = now is not None and until > now
    shorter = until > locked.validity.lower and (now is None or until < now)
    if not (longer if kind == InstrumentChange.RENEWED else shorter):
        raise WrongInstrument(Step(N_("Renewed, it ends later; given back, it ends sooner than it would.")))
    locked.validity = DateRange(locked.validity.lower, until)
    locked.save(update_fields=["validity"])
    InstrumentChange.objects.create(instrument=locked, kind=kind, until=until, deed=deed)
    keep_proofs(deed, locked, proofs)
    return locked


@operation("security.request_draw", roles={BILLING, SUPERVISOR, FINANCE})
def request_draw(deed: Deed, *, instrument: Instrument, amount_cents: int) -> Approval:
    """Ask a second person to draw on an instrument. Raises `WrongInstrument` and `OwnAccount`."""
    lock_accounts([instrument.account_id])
    refuse_own(deed.actor, instrument.account, deed.business_date)
    shown = _drawing(deed, instrument, amount_cents)
    request = ask(deed, kind=DRAW, account=instrument.account, preview=shown, cents=amount_cents)
    tell(deed, "security.second_asked", approval=request.pk, kind=DRAW)
    return request


def _drawing(deed: Deed, instrument: Instrument, cents: int) -> dict[str, Any]:
    """What a draw would do. Raises `WrongInstrument`."""
    owed, left = sum(balance_of(instrument.account_id).values()), left_of(instrument)
    today = deed.business_date
    valid = instrument.validity.lower <= today and (
        instrument.validity.upper is None or today < instrument.validity.upper
    )
    if instrument.kind not in DRAWN_ON or not valid:
        raise WrongInstrument(Step(N_("Nothing can be drawn on this instrument today.")))
    if not 0 < cents <= min(left, owed):
        raise WrongInstrument(
            Step(
                N_("At most {most} can be drawn: {left} are left and {owed} are owed."),
                {"most": dollars(max(0, min(left, owed))), "left": dollars(left), "owed": dollars(max(0, owed))},
            )
        )
    return {
        "account": instrument.account.number, "instrument": instrument.pk, "kind": instrument.kind,
        "issuer": instrument.issuer, "cents": cents, "left_cents": left, "owed_cents": owed,
    }  # fmt: skip


def _draw(deed: Deed, request: Approval) -> Draw:
    instrument = Instrument.objects.select_for_update(of=("self",)).get(pk=request.preview["instrument"])
    lock_accounts([instrument.account_id])
    same(request.preview, _drawing(deed, instrument, request.preview["cents"]))
    made = Draw.objects.create(
        instrument=instrument, amount_cents=request.preview["cents"], drawn_on=deed.business_date, approval=request,
        deed=deed,
    )  # fmt: skip
    tell(deed, "security.drawn", draw=made.pk, instrument=instrument.pk, cents=made.amount_cents)
    return made


DOES[DRAW] = _draw
