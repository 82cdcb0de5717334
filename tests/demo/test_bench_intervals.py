"""The figures of `bench intervals` rest on answers that agree, and on every key being there."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from meterbook.cli.commands.bench import command
from meterbook.demo.bench.intervals.expert import Expert
from meterbook.demo.bench.intervals.generate import prepared
from meterbook.demo.bench.intervals.measure import Asked, differences


def test_every_figure_is_printed_and_nothing_differs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METERBOOK_DATA_DIR", str(tmp_path))
    asked = ["intervals", "--meters", "60", "--days", "30", "--passes", "1", "--seed", "5", "--json"]
    done = CliRunner().invoke(command, asked)
    assert done.exit_code == 0, done.output
    figures = json.loads(done.output.splitlines()[-1])
    for name in ("seconds", "hand_sql_seconds", "ratio", "peak_memory_mib", "bytes_per_read", "reads", "store_seconds"):
        assert figures[name] > 0, name
    assert figures["differences"] == 0
    assert figures["findings"] > 20
    again = CliRunner().invoke(command, asked)
    assert json.loads(again.output.splitlines()[-1])["store_seconds"] == figures["store_seconds"]


def test_a_difference_would_be_seen(tmp_path: Path) -> None:
    """Each kind of answer, spoilt in one place."""
    folder, _ = prepared(tmp_path, meters=60, days=12, seed=2, say=lambda _: None)
    ours = Asked(folder, meters=60, days=12).answer()
    hand = Expert(folder, days=12, memory_mib=256, threads=1).answer()
    assert differences(ours, hand) == 0
    spoilt = ours.days.with_columns(sum=pl.col("sum") + (pl.int_range(pl.len()) == 7).cast(pl.Int64))
    assert differences(type(ours)(spoilt, ours.findings, ours.determinants), hand) == 1
    assert differences(type(ours)(ours.days, ours.findings[1:], ours.determinants), hand) == 1
    wrong = (pl.col("row") == 3) & (pl.col("name") == "load_factor")
    facts = ours.determinants.with_columns(value=pl.col("value") + wrong.cast(pl.Int64))
    assert differences(type(ours)(ours.days, ours.findings, facts), hand) == 1
