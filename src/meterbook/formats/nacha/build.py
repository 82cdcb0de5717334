"""From drafts to a file the bank takes: company settings, batches, offset entries, prenotes, reversals.

>>> import datetime as dt
>>> city = CompanySettings(
...     destination="121042882", destination_name="Bank of Alder", origin="1946000123", origin_name="Alder Bend",
...     company_name="CITY ALDER BEND", company_id="1946000123", odfi="121042882")
>>> drafts = [Draft("100245", "ANA BROOK", "091000019", "5654221", "checking", "debit", 4_510)]
>>> batches = make_batches(city, drafts, sec="PPD", description="UTIL BILL", effective_on=dt.date(2026, 6, 15))
>>> file = make_file(city, batches, created_at=dt.datetime(2026, 6, 12, 14, 5), id_modifier="A")
>>> batches[0].service_class, batches[0].entries[0].trace, file.debit_cents
(225, '121042880000001', 4510)
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from meterbook.formats.nacha import codes
from meterbook.formats.nacha.codes import AccountType, Direction, EntryClass
from meterbook.formats.nacha.values import AchFile, Addenda, Batch, Entry

REVERSAL = "REVERSAL"
"""What the description of a batch of reversals says."""


@dataclass(frozen=True, slots=True)
class Offset:
    """The utility's own account, entered once in each batch so that debits equal credits, if the bank asks for it."""

    routing: str
    account: str
    account_type: AccountType = "checking"


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanySettings:
    """What the bank agreed with the utility.

    `destination` is the routing number the file is sent to, `origin` what the bank gave as immediate origin (a
    routing number or ten characters), `company_id` ten characters (often `1` and the tax number), `odfi` the routing
    number of our bank (eight or nine digits). Names: 23 characters, `company_name` 16. With `offset` every batch is
    balanced, without it the bank books our side.
    """

    destination: str
    destination_name: str
    origin: str
    origin_name: str
    company_name: str
    company_id: str
    odfi: str
    company_discretionary: str = ""
    offset: Offset | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """One entry to be made: `reference` (15 characters) comes back on returns, `amount_cents` is 0 for a prenote.

    `direction` is seen from the customer: a bill is a `debit`, a refund a `credit`. `payment_type` is `R` for
    standing authority or `S` for a single payment (WEB, TEL). `memo` becomes an addenda 05 (80 characters; in CTX
    several, one for each 80).
    """

    reference: str
    name: str
    routing: str
    account: str
    account_type: AccountType
    direction: Direction
    amount_cents: int
    prenote: bool = False
    payment_type: str = ""
    memo: str = ""


def make_batches(
    company: CompanySettings, drafts: Sequence[Draft], *, sec: EntryClass, description: str, effective_on: dt.date,
    together: bool = True, first_number: int = 1, first_sequence: int = 1, descriptive_date: str = "",
) -> list[Batch]:  # fmt: skip
    """Batches of one class and day: debits and credits `together` in one (service class 200 when both occur, or when
    balanced), else in one each (225, 220). Prenotes may ride along. Entries keep the order of `drafts`.

    Trace numbers are the first eight digits of `company.odfi` and a running sequence from `first_sequence`: keep it
    running through the day's files, and keep each entry's trace, since returns name it. Raises `ValueError` for no
    drafts, an amount on a prenote, or a debit or credit of nothing.
    """
    if not drafts:
        raise ValueError("a batch needs at least one draft")
    groups = [list(drafts)] if together else [
        [each for each in drafts if each.direction == way] for way in ("debit", "credit")
    ]  # fmt: skip
    batches: list[Batch] = []
    sequence = first_sequence
    for group in filter(None, groups):
        entries = [_entry(each, company.odfi, sequence + at, sec=sec) for at, each in enumerate(group)]
        entries += _offsets(company, entries, sequence + len(entries), sec=sec)
        sequence += len(entries)
        ways = {each.direction for each in entries}
        batches.append(
            Batch(
                service_class=_service_class(ways), company_name=plain(company.company_name, 16),
                company_id=company.company_id, sec=sec, description=plain(description, 10), effective_on=effective_on,
                odfi=company.odfi[:8], number=first_number + len(batches), entries=tuple(entries),
                company_discretionary=plain(company.company_discretionary, 20), descriptive_date=descriptive_date,
            )
        )  # fmt: skip
    return batches


def make_file(
    company: CompanySettings, batches: Iterable[Batch], *, created_at: dt.datetime, id_modifier: str = "A",
    reference: str = "",
) -> AchFile:  # fmt: skip
    """The file of `batches`, renumbered from 1. `created_at` is local; `id_modifier` A to Z, 0 to 9 tells the files
    of one day apart (`next_modifier`)."""
    return AchFile(
        destination=company.destination, origin=company.origin, destination_name=plain(company.destination_name, 23),
        origin_name=plain(company.origin_name, 23), created_on=created_at.date(),
        created_at=created_at.time().replace(second=0, microsecond=0, tzinfo=None), id_modifier=id_modifier,
        batches=tuple(replace(each, number=at) for at, each in enumerate(batches, start=1)), reference=reference,
    )  # fmt: skip


def next_modifier(last: str) -> str:
    """The file id modifier after `last` ('' for the day's first). Raises `ValueError` after the 36th file.

    >>> next_modifier(""), next_modifier("A"), next_modifier("Z")
    ('A', 'B', '0')
    """
    order = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    at = order.index(last) + 1 if last else 0
    if at == len(order):
        raise ValueError("36 files a day is what the file id modifier can tell apart")
    return order[at]


def reversal_of(
    batch: Batch, entries: Iterable[Entry], *, effective_on: dt.date, first_sequence: int, number: int = 1,
    memo: str = "",
) -> Batch:  # fmt: skip
    """A batch that takes `entries` of `batch` back: description REVERSAL, each the other way round; class, company
    and amounts unchanged, as the network asks. `memo` may name the reason and the original date.

    Raises `ValueError` for a prenote or an answer, which moved no money, and for no entries.
    """
    addenda = (Addenda(plain(memo, 80)),) if memo else ()
    undone = [
        replace(
            each, transaction_code=codes.opposite_code(each.transaction_code), returned=None, change=None, line=0,
            trace=codes.trace_number(batch.odfi, first_sequence + at), addenda=addenda,
        )
        for at, each in enumerate(entries)
    ]  # fmt: skip
    if not undone:
        raise ValueError("nothing to reverse")
    return replace(
        batch, service_class=_service_class({each.direction for each in undone}), description=REVERSAL, line=0,
        effective_on=effective_on, number=number, entries=tuple(undone), settlement_day=None,
    )  # fmt: skip


def plain(text: str, width: int) -> str:
    """`text` as a bank file can carry it: accents gone, what has no ASCII letter a `?`, blanks single, cut to `width`.

    >>> plain("Peña  Núñez & Hijos", 12)
    'Pena Nunez &'
    """
    bare = "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))
    ascii_only = "".join(each if each.isascii() and each.isprintable() else "?" for each in " ".join(bare.split()))
    return ascii_only[:width].rstrip()


def _service_class(ways: set[Direction]) -> int:
    if len(ways) == 2:
        return codes.MIXED
    return codes.DEBITS if ways == {"debit"} else codes.CREDITS


def _entry(draft: Draft, odfi: str, sequence: int, *, sec: EntryClass) -> Entry:
    if draft.prenote != (draft.amount_cents == 0) or draft.amount_cents < 0:
        raise ValueError(f"{draft.reference}: {draft.amount_cents} cents; a prenote carries 0, all else more")
    memo = plain(draft.memo, 80 * (9_999 if sec == "CTX" else 1))
    return Entry(
        transaction_code=codes.transaction_code(draft.direction, draft.account_type, prenote=draft.prenote),
        routing=draft.routing, account=draft.account, amount_cents=draft.amount_cents,
        identification=draft.reference, name=plain(draft.name, 16 if sec == "CTX" else 22),
        discretionary=draft.payment_type, trace=codes.trace_number(odfi, sequence),
        addenda=tuple(Addenda(memo[at : at + 80].rstrip(), sequence=at // 80 + 1) for at in range(0, len(memo), 80)),
    )  # fmt: skip


def _offsets(company: CompanySettings, entries: Sequence[Entry], sequence: int, *, sec: EntryClass) -> list[Entry]:
    """The other side of a batch's debits, and of its credits, on the utility's own account."""
    if company.offset is None:
        return []
    offset, found = company.offset, list[Entry]()
    ways: tuple[tuple[Direction, Direction], ...] = (("debit", "credit"), ("credit", "debit"))
    for way, other in ways:
        cents = sum(each.amount_cents for each in entries if each.direction == way)
        if cents:
            found.append(
                Entry(
                    transaction_code=codes.transaction_code(other, offset.account_type), routing=offset.routing,
                    account=offset.account, amount_cents=cents, identification="", name="OFFSET",
                    discretionary="S" if sec in ("WEB", "TEL") else "",
                    trace=codes.trace_number(company.odfi, sequence + len(found)),
                )
            )  # fmt: skip
    return found
