"""Writing the ledger of net metering when bills post: in the posting transaction, or not at all.

What billing hands over are its segments under net metering (`Billed`). Reversals first, then the periods in the order
of their days, then what a group's generator gives the others, so that nobody is billed for shares that came with the
same run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from meterbook.engine.programs.net_metering.movements import Carried, Metered, Movement, lines_of, movement
from meterbook.engine.programs.net_metering.sharing import shared
from meterbook.engine.programs.net_metering.terms import BANK_KWH, CREDITED, Terms, terms_of
from meterbook.engine.rates.tariff import Tariff
from meterbook.records.platform.models import Deed
from meterbook.records.programs.models import NetMeteringAccount, NetMeteringEntry
from meterbook.records.programs.net_metering.gather import settles_year, taken
from meterbook.records.programs.net_metering.standing import (
    Chain,
    carried_out,
    enrolled,
    part_of,
    shares_on,
    standing,
    waiting,
)

#: The figures a reversal takes back; what was carried before and after it are facts of the entry it reverses.
FIGURES = (
    "imports_e6", "exports_e6", "given_e6", "waiting_e6", "billed_e6", "opened_e6", "banked_e6", "used_e6",
    "expired_e6", "paid_e6", "earned_cents", "opened_cents", "banked_cents", "used_cents", "expired_cents",
    "paid_cents", "surplus_cents",
)  # fmt: skip


class BankMoved(ValueError):
    """The bank is not the one a bill was priced with: the run must be calculated again."""


@dataclass(frozen=True, slots=True)
class Billed:
    """A segment that posts: what its registers counted, ``facts`` its sealed determinants (millionths or keys),
    ``lines`` component, part, cents.

    ``reverses_id`` names the segment it takes back, where it is no charge.
    """

    run_id: int
    segment_id: int
    bill_id: int
    agreement_id: int
    document_id: int
    starts: date
    ends: date
    reverses_id: int | None
    imports_e6: int
    exports_e6: int
    facts: Mapping[str, Any]
    lines: Sequence[tuple[str, int, int]]

    def fact(self, name: str) -> int:
        """A sealed figure in millionths, 0 where it is not there."""
        value = self.facts.get(name)
        return value if isinstance(value, int) else 0


def post_entries(billed: Sequence[Billed], tariffs: Mapping[int, Tariff], deed: Deed) -> int:
    """Write the entries of a run's segments and return how many. Raises `BankMoved` and `CreditsDisagree`."""
    parts = enrolled(sorted({segment.agreement_id for segment in billed}))
    if not parts:
        return 0
    nems = sorted(nem.pk for some in parts.values() for nem in some)
    list(NetMeteringAccount.objects.select_for_update().filter(pk__in=nems).order_by("pk"))
    posting = _Posting(deed, tariffs, parts, nems)
    posting.reverse([segment for segment in billed if segment.reverses_id is not None])
    posting.periods([segment for segment in billed if segment.reverses_id is None])
    posting.share()
    return posting.written


class _Posting:
    """One run's entries being written."""

    def __init__(
        self, deed: Deed, tariffs: Mapping[int, Tariff], parts: Mapping[int, list[NetMeteringAccount]], nems: list[int]
    ) -> None:
        self.deed, self.tariffs, self.parts, self.nems = deed, tariffs, parts, nems
        self.written = 0
        self.replaced: dict[tuple[int, date, date], NetMeteringEntry] = {}
        self.new: list[NetMeteringEntry] = []

    def reverse(self, segments: Iterable[Billed]) -> None:
        """Take back the entries of segments that are taken back, and the shares these gave."""
        by_segment = {segment.reverses_id: segment for segment in segments}
        found = NetMeteringEntry.objects.filter(
            segment_id__in=list(by_segment), kind=NetMeteringEntry.PERIOD, reversed_by__isnull=True
        )
        for entry in found.order_by("pk"):
            self.replaced[entry.nem_id, entry.starts, entry.ends] = entry
            self._take_back(entry, by_segment[entry.segment_id])
            given = NetMeteringEntry.objects.filter(shared_from=entry, kind=NetMeteringEntry.SHARE)
            for share in given.filter(reversed_by__isnull=True).order_by("pk"):
                self._take_back(share, by_segment[entry.segment_id])

    def _take_back(self, entry: NetMeteringEntry, segment: Billed) -> None:
        self._write(
            nem_id=entry.nem_id, kind=NetMeteringEntry.REVERSAL, starts=entry.starts, ends=entry.ends, reverses=entry,
            bill_id=segment.bill_id, run_id=segment.run_id, segment_id=segment.segment_id,
            **{name: -getattr(entry, name) for name in FIGURES},
        )  # fmt: skip

    def periods(self, segments: Sequence[Billed]) -> None:
        """Write the period of every segment; its bank must still be the one it was priced with."""
        chain, came = Chain(standing(self.nems), {}), waiting(self.nems)
        for segment in sorted(segments, key=lambda each: (each.starts, each.segment_id)):
            nem = part_of(self.parts.get(segment.agreement_id, ()), segment.starts, segment.ends)
            if nem is None:
                continue
            terms = terms_of(self.tariffs[segment.document_id].version_at(segment.ends - timedelta(days=1)))
            before = chain.before(nem.pk, segment.starts)
            counts, got = self._counts(segment, nem, terms, came.get(nem.pk, 0))
            _same_bank(segment, nem, terms, before, counts)
            settles = settles_year(terms, nem, segment.ends)
            lines = lines_of(terms, list(segment.lines))
            if (nem.pk, segment.starts, segment.ends) not in self.replaced:
                came[nem.pk] = came.get(nem.pk, 0) - got
            made = movement(nem.option, terms, before, counts, lines, settles=settles)  # type: ignore[arg-type]
            self._period(segment, nem, counts, made, got, settles=settles)
            chain.went(nem.pk, segment.ends, made.after)

    def _counts(self, segment: Billed, nem: NetMeteringAccount, terms: Terms, came: int) -> tuple[Metered, int]:
        """What the segment's registers counted, and what it takes of other meters' exports."""
        replaced = self.replaced.get((nem.pk, segment.starts, segment.ends))
        # The reversal above gave back what the period had taken, so that it waits again beside what came since.
        got = taken(replaced, came + replaced.waiting_e6 if replaced is not None else came)
        exports = segment.exports_e6
        percents = shares_on([nem.pk], segment.ends - timedelta(days=1)).get(nem.pk)
        own = exports if percents is None else shared(exports, percents).get(nem.pk, 0)
        if CREDITED not in terms.asked:
            return Metered(segment.imports_e6, exports, exports), 0
        return Metered(segment.imports_e6, exports, own + got), got

    def _period(
        self, segment: Billed, nem: NetMeteringAccount, counts: Metered, made: Movement, got: int, *, settles: bool
    ) -> None:
        own = counts.credited_e6 - got
        entry = self._write(
            nem_id=nem.pk, kind=NetMeteringEntry.PERIOD, starts=segment.starts, ends=segment.ends,
            bill_id=segment.bill_id, run_id=segment.run_id, segment_id=segment.segment_id,
            imports_e6=counts.imports_e6, exports_e6=counts.exports_e6, given_e6=counts.exports_e6 - own,
            waiting_e6=-got, billed_e6=made.billed_e6, banked_e6=made.banked_e6, used_e6=made.used_e6,
            expired_e6=made.expired_e6, paid_e6=made.paid_e6, earned_cents=made.earned_cents,
            banked_cents=made.banked_cents, used_cents=made.used_cents, expired_cents=made.expired_cents,
            paid_cents=made.paid_cents, surplus_cents=made.surplus_cents, before_e6=made.before.kwh_e6,
            after_e6=made.after.kwh_e6, before_cents=made.before.cents, after_cents=made.after.cents, settles=settles,
        )  # fmt: skip
        self.new.append(entry)

    def share(self) -> None:
        """Give the members of a group what its generator's new periods feed in for them."""
        for entry in self.new:
            percents = shares_on([entry.nem_id], entry.ends - timedelta(days=1)).get(entry.nem_id)
            if percents is None or not entry.exports_e6:
                continue
            for member, part in shared(entry.exports_e6, percents).items():
                if member != entry.nem_id and part:
                    self._write(
                        nem_id=member, kind=NetMeteringEntry.SHARE, starts=entry.starts, ends=entry.ends,
                        waiting_e6=part, shared_from=entry, bill_id=entry.bill_id, run_id=entry.run_id,
                    )  # fmt: skip

    def _write(self, **values: Any) -> NetMeteringEntry:
        self.written += 1
        return NetMeteringEntry.objects.create(deed=self.deed, **values)


def _same_bank(segment: Billed, nem: NetMeteringAccount, terms: Terms, before: Carried, counts: Metered) -> None:
    """Refuse a segment that was priced with another bank, or other shares, than the ledger has now."""
    now = {BANK_KWH: before.kwh_e6, CREDITED: counts.credited_e6}
    if terms.brought:
        now[terms.brought] = before.cents * 10**4
    for name, value in now.items():
        if name in terms.asked and segment.fact(name) != value:
            raise BankMoved(
                f"account {nem.account_id}, {segment.starts} to {segment.ends}: {name} was {segment.fact(name)}"
                f" millionths when the bill was priced and is {value} now; calculate the run again"
            )


def opening_of(nem: NetMeteringAccount) -> Carried:
    """What an enrolment carries today, by its newest standing entry."""
    entries = standing([nem.pk])[nem.pk]
    return carried_out(entries[-1] if entries else None)
