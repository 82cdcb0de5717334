"""Taking in a file of meter reads: good rows load, bad rows become corrections, the same file changes nothing."""

from __future__ import annotations

import hashlib
from dataclasses import astuple, dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import polars as pl
from django.db import connection

from meterbook.formats.contract import ParsedReads
from meterbook.formats.registry import read_format
from meterbook.records.metering.accept import judge
from meterbook.records.metering.hub.not_read import note_skipped
from meterbook.records.metering.interval_data.determinants import bring_up_to_date
from meterbook.records.metering.interval_data.judge import JudgedIntervals, judge_intervals
from meterbook.records.metering.interval_data.load import load_intervals
from meterbook.records.metering.models import Read, ReadSource, Register
from meterbook.records.metering.validation.intervals import NO_DAYS, JudgedDays, judge_days
from meterbook.records.metering.validation.nonreads import judge_nonreads
from meterbook.records.metering.validation.take import take
from meterbook.records.platform.copying import copy_in
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed, ImportBatch
from meterbook.records.platform.operations.attach_file import keep_file
from meterbook.records.platform.queries import utility
from meterbook.records.platform.roles import BILLING, SUPERVISOR

_LONGEST_NAME = 200


def one_file_at_a_time() -> None:
    """Two people, or a watcher and a person, never take in reads at once: each is judged against what stands."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('metering.receive_file'))")


#: A channel of which nothing comes for longer is silent, and not full of holes.
_SILENT = timedelta(days=7)


@operation("metering.import_reads", roles={BILLING, SUPERVISOR})
def import_reads(
    deed: Deed, *, format: str, file_name: str, content: bytes, source: ReadSource | None = None
) -> ImportBatch:
    """Load a read file: its reads are judged and make usage, its intervals go to the store, its non-reads are noted.

    ``source`` says in which timezone its times are, and whether its numbers carry the multiplier. Raises
    `formats.contract.WrongFormat` when the file as a whole cannot be trusted; nothing is loaded then. A file with the
    same bytes returns the batch of the first time.
    """
    one_file_at_a_time()
    file_name, digest = file_name[-_LONGEST_NAME:], hashlib.sha256(content).hexdigest()
    known = ImportBatch.objects.filter(kind="reads", sha256=digest).first()
    if known is not None:
        return known
    said = Said.of(source)
    parsed = _parsed(format, content, said)
    reads, corrections, counts = judge(parsed, timezone=said.timezone, multiplier_applied=said.multiplier_applied)
    intervals = judge_intervals(parsed.intervals, timezone=said.timezone, multiplier_applied=said.multiplier_applied)
    skipped, not_noted = judge_nonreads(parsed.nonreads, on=deed.business_date)
    counts["rejected"] += intervals.rejected + not_noted.height
    corrections = _with_raw(pl.concat([corrections, intervals.corrections, not_noted]).sort("line"), content)
    loaded = reads.height + intervals.loaded + len(skipped)
    batch = ImportBatch.objects.create(
        kind="reads", format=format, file_name=file_name, sha256=digest, rows=parsed.rows, loaded=loaded, deed=deed,
        **counts,
    )  # fmt: skip
    keep_file(deed, subject=f"importbatch:{batch.pk}", file_name=file_name, content_type="text/plain", content=content)
    copy_in("platform_correction", corrections.with_columns(batch_id=pl.lit(batch.pk)))
    kept = load_intervals(deed, batch, intervals)
    taken = take(deed, reads, batch=batch, origin=Read.FILE)
    days = _judged_days(deed, intervals)
    note_skipped(deed, skipped)
    tell(
        deed, "metering.reads_imported", batch=batch.pk, loaded=loaded, queued=taken.queued + days.queued,
        intervals=kept.intervals, rejected=counts["rejected"],
    )  # fmt: skip
    return batch


@dataclass(frozen=True, slots=True)
class Said:
    """What is known of a sender: the timezone of times its files do not place, and what its numbers are."""

    timezone: str
    multiplier_applied: bool
    stated: bool

    @classmethod
    def of(cls, source: ReadSource | None) -> Said:
        """What a source says; without one, the utility's timezone and numbers as displayed."""
        if source is None:
            return cls(utility().timezone, multiplier_applied=False, stated=False)
        return cls(source.timezone or utility().timezone, source.multiplier_applied, stated=bool(source.timezone))


def _parsed(format: str, content: bytes, said: Said) -> ParsedReads:
    """The file's values; formats whose senders differ in the clock they write are told the source's."""
    reading = read_format(format)
    if said.stated and reading.parse_zoned is not None:
        return reading.parse_zoned(content, said.timezone)
    return reading.parse(content)


def _judged_days(deed: Deed, intervals: JudgedIntervals) -> JudgedDays:
    """Judge the local days of each channel that its new intervals fill to their end, and those left out between.

    A day a file ends inside is not over yet: it is judged when the rest of it comes.
    """
    if not intervals.sound:
        return NO_DAYS
    zone = ZoneInfo(utility().timezone)
    touched: dict[int, list[tuple[date, date]]] = {}
    for each in intervals.sound:
        ends = each.starts + timedelta(minutes=each.minutes * len(each.values))
        first, after = each.starts.astimezone(zone).date(), ends.astimezone(zone).date()
        touched.setdefault(each.channel.pk, []).append((first, after - timedelta(days=1)))
    meters = {each.channel.meter_id for each in intervals.sound}
    registers = list(Register.objects.filter(meter_id__in=meters).values_list("pk", flat=True))
    bring_up_to_date(deed, registers, since=min(first for spans in touched.values() for first, _ in spans))
    by_days: dict[tuple[date, date], list[int]] = {}
    for channel, spans in touched.items():
        for span in _stretches(spans):
            by_days.setdefault(span, []).append(channel)
    judged = [judge_days(deed, channels, first=first, last=last) for (first, last), channels in sorted(by_days.items())]
    return JudgedDays(*(sum(counts) for counts in zip(*map(astuple, judged), strict=True))) if judged else NO_DAYS


def _stretches(spans: list[tuple[date, date]]) -> list[tuple[date, date]]:
    """Days filled by blocks of one channel, with the days between them: what came later shows that they are over.

    Not across a silent week, which is a question of its own.
    """
    found: list[tuple[date, date]] = []
    for first, last in sorted(spans):
        if found and first <= found[-1][1] + _SILENT:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return [span for span in found if span[0] <= span[1]]


def _with_raw(corrections: pl.DataFrame, content: bytes) -> pl.DataFrame:
    """The rows a format refused carry their own line of the file, as the judged ones do."""
    lines = content.decode("utf-8-sig", errors="replace").splitlines()
    raw = [
        text or (lines[line - 1] if 0 < line <= len(lines) else "")
        for line, text in zip(corrections["line"].to_list(), corrections["raw"].to_list(), strict=True)
    ]
    return corrections.with_columns(raw=pl.Series("raw", raw, dtype=pl.String))
