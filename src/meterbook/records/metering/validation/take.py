"""Taking reads in: judged by the rules, stored as accepted or queued, usage made of the accepted ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from meterbook.engine.metering.validation.configure import Configured
from meterbook.engine.metering.validation.contract import FINDINGS
from meterbook.engine.metering.validation.expectation import with_expected
from meterbook.engine.metering.validation.run import run
from meterbook.records.metering.derive import store_usage
from meterbook.records.metering.queue.true_up import settle
from meterbook.records.metering.validation.candidates import candidates, keyed
from meterbook.records.metering.validation.gather import compared_with
from meterbook.records.metering.validation.policy import CANNOT_BE_TRUE, rules_on
from meterbook.records.metering.validation.stakes import at_stake
from meterbook.records.metering.validation.store import store_judged
from meterbook.records.platform.models import Deed, ImportBatch


@dataclass(frozen=True, slots=True)
class Taken:
    """How many reads were accepted, and how many wait in the exception queue."""

    accepted: int
    queued: int


@dataclass(frozen=True, slots=True)
class Judged:
    """``reads`` with holds (Boolean), expected and found (millionths, null unknown), at_risk (cents); ``findings`` as
    `contract.FINDINGS` says, by row."""

    reads: pl.DataFrame
    findings: pl.DataFrame


def take(deed: Deed, reads: pl.DataFrame, *, batch: ImportBatch | None, origin: str) -> Taken:
    """Judge and store reads of known registers, and bring the usage of those accepted up to date.

    ``reads``: register, read_on, read_at (UTC), value (millionths of the register as displayed), estimated, line, raw,
    reader, and where the source says it: text, source_unit, source_dials, source_multiplier; ``on_record`` is a
    value already accepted for that day. Nothing is lost: what a rule holds is stored and waits for a decision.
    """
    if reads.is_empty():
        return Taken(0, 0)
    judged = judge_reads(reads, rules=rules_on(deed.business_date))
    store_judged(deed, judged.reads, judged.findings, batch=batch, origin=origin)
    sound = judged.reads.filter(~pl.col("holds"))
    waiting = 0
    if sound.height:
        first, registers = sound["read_on"].min(), sound["register"].unique().to_list()
        assert isinstance(first, date)
        settled = settle(deed, registers)
        _, waiting = store_usage(deed, registers, since=min(first, settled or first))
    return Taken(sound.height - waiting, judged.reads.height - sound.height + waiting)


def judge_reads(reads: pl.DataFrame, *, rules: Configured | None) -> Judged:
    """What the rules say of reads, in order of their days: a later read is compared with the earlier ones accepted.

    Without rules only what cannot be true is held: more digits than dials, and a second value for a day.
    """
    rows = keyed(reads).with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    first, last = rows["read_on"].min(), rows["read_on"].max()
    assert isinstance(first, date) and isinstance(last, date)
    compared = compared_with(rows["register"].unique().to_list(), first=first, last=last)
    turn = pl.struct("read_on", pl.col("on_record").is_not_null(), "row").rank("ordinal").over("register")
    rows = rows.with_columns(turn=turn, read=pl.col("row"))
    configured = () if rules is None else (rules,)
    known, done, said = compared.known, [], [pl.DataFrame(schema=dict(FINDINGS["reads"]))]
    for _, now in sorted(rows.partition_by("turn", as_dict=True).items()):
        frame = candidates(now, known, compared)
        findings = pl.concat([run(frame, each, kind="reads") for each in (*configured, CANNOT_BE_TRUE)])
        findings = findings.sort("row", "rule", pl.col("then") != "queue", maintain_order=True)
        findings = findings.unique(["row", "rule"], keep="first", maintain_order=True)
        held = findings.filter(pl.col("then") == "queue")["row"].unique()
        frame = _with_stakes(frame, rules).with_columns(holds=pl.col("row").is_in(held.implode()))
        fresh = frame.filter(~pl.col("holds")).select(
            "register", pl.col("read_on").alias("on"), pl.col("read_at").alias("at"), "value", "estimated"
        )
        known = pl.concat([known, fresh])
        done.append(frame.select("row", "service_point", "unit", "holds", "expected", "found", "at_risk"))
        said.append(findings)
    verdicts = pl.concat(done)
    return Judged(rows.drop("read", "turn").join(verdicts, on="row", how="inner").sort("row"), pl.concat(said))


def judge_missing(registers: list[int], *, on: date, today: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What the rules in force say of reads that were due ``on`` that day and did not come: verdicts and findings."""
    rules = rules_on(today)
    reads = pl.DataFrame({"register": registers}, schema={"register": pl.Int64}).with_columns(
        read_on=pl.lit(on), estimated=pl.lit(value=False)
    )
    rows = (
        keyed(reads).with_row_index("row").with_columns(pl.col("row").cast(pl.Int64), read=pl.lit(None, dtype=pl.Int64))
    )
    compared = compared_with(registers, first=on, last=on)
    frame = candidates(rows, compared.known, compared)
    findings = run(frame, rules, kind="reads") if rules else pl.DataFrame(schema=dict(FINDINGS["reads"]))
    held = findings.filter(pl.col("then") == "queue")["row"].unique()
    frame = _with_stakes(frame, rules).with_columns(holds=pl.col("row").is_in(held.implode()))
    return frame, findings


def _with_stakes(frame: pl.DataFrame, rules: Configured | None) -> pl.DataFrame:
    """Add expected and found usage (millionths) and what a wrong decision may cost, in cents, rounded half up."""
    told = with_expected(frame).select("row", pl.col("expected").clip(0, 2**62).cast(pl.Int64).alias("expected"))
    frame = frame.join(told, on="row", how="left", maintain_order="left").with_columns(found=pl.col("quantity"))
    return frame.with_columns(at_risk=at_stake(frame, rules))
