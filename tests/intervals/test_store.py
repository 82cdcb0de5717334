"""What was written last counts, whatever the order it came in, whatever crashed, whatever was merged."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from meterbook.intervals import IntervalStore, StoreProblem, files

Row = tuple[int, datetime, int]


def utc(text: str) -> datetime:
    """An instant written 2026-03-08T10:00."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def frame(rows: list[Row], *, minutes: int = 15, quality: int = 0) -> pl.DataFrame:
    """A delivery of (channel, start, value)."""
    whole = pl.DataFrame(rows, schema={"channel": pl.Int64, "starts": pl.Datetime("us", "UTC"), "value": pl.Int64},
                         orient="row")  # fmt: skip
    return whole.with_columns(minutes=pl.lit(minutes, dtype=pl.Int32), quality=pl.lit(quality, dtype=pl.UInt8))


def run_of(channel: int, since: str, values: list[int], minutes: int = 15) -> list[Row]:
    """Intervals that follow each other."""
    return [(channel, utc(since) + timedelta(minutes=minutes * at), value) for at, value in enumerate(values)]


EVER = (utc("2026-01-01T00:00"), utc("2027-01-01T00:00"))
BEGIN = utc("2026-03-31T22:00")


def values(
    store: IntervalStore, generations: list[int], channels: tuple[int, ...] = (1, 2, 3)
) -> list[tuple[int, datetime, int]]:
    found = store.read(channels, since=EVER[0], until=EVER[1], generations=generations)
    return [(channel, at, value) for channel, at, value in found.select("channel", "starts", "value").rows()]


def test_what_is_written_is_read(store: IntervalStore) -> None:
    rows = run_of(2, "2026-03-31T23:00", [5, -3, 0, 7, 9]) + run_of(1, "2026-03-31T23:45", [1, 2])
    written = store.write(frame(rows), generation=1)
    assert values(store, [1]) == sorted(rows)
    assert (written.rows, written.repeated, written.months) == (7, 0, ("2026-03", "2026-04"))
    assert written.files == 2
    assert values(store, [1], (2,)) == sorted(rows)[2:]
    since = store.read([1, 2], since=utc("2026-04-01T00:00"), until=utc("2026-04-01T00:15"), generations=[1])
    assert since["value"].to_list() == [2, 9]


def test_only_generations_that_count_are_seen(store: IntervalStore) -> None:
    store.write(frame([(1, BEGIN, 5)]), generation=1)
    store.write(frame([(1, BEGIN, 6)]), generation=2)
    assert [value for *_, value in values(store, [1])] == [5]
    assert [value for *_, value in values(store, [1, 2])] == [6]
    assert values(store, []) == []
    history = store.history([1], since=EVER[0], until=EVER[1], generations=[1, 2])
    assert history.select("generation", "value").rows() == [(2, 6), (1, 5)]


def test_files_are_sorted_delta_encoded_and_compressed(store: IntervalStore) -> None:
    store.write(frame(run_of(2, "2026-03-01T00:00", [3, 1]) + run_of(1, "2026-03-01T00:00", [9, 4])), generation=7)
    (path,) = store.folder.root.rglob("*.parquet")
    assert path.relative_to(store.folder.root).as_posix() == "month=2026-03/g=000007/part-0001.parquet"
    group = pq.read_metadata(path).row_group(0)
    columns = {group.column(at).path_in_schema: group.column(at) for at in range(group.num_columns)}
    assert all("DELTA_BINARY_PACKED" in columns[name].encodings for name in ("channel", "starts", "value"))
    assert {column.compression for column in columns.values()} == {"ZSTD"}
    assert pl.read_parquet(path)["value"].to_list() == [9, 4, 3, 1]


deliveries = st.lists(
    st.lists(st.tuples(st.integers(1, 3), st.integers(0, 11), st.integers(-5, 50)), max_size=12), min_size=1, max_size=6
)


@settings(max_examples=20, deadline=None)
@example(deliveries=[[(1, 0, 0), (1, 0, 0)], [(1, 0, 0)]], order=random.Random(1))
@given(deliveries=deliveries, order=st.randoms(use_true_random=False))
def test_any_order_of_arrival_gives_the_same_answers(
    deliveries: list[list[tuple[int, int, int]]], order: object, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Generations written in any order, their rows in any order, merged or not: the newest counts."""
    plain: dict[tuple[int, datetime], int] = {}
    frames = {}
    for number, delivery in enumerate(deliveries, start=1):
        rows = [(channel, BEGIN + timedelta(minutes=15 * slot), value) for channel, slot, value in delivery]
        # in one delivery the smaller value counts
        plain |= {(channel, at): value for channel, at, value in sorted(rows, key=lambda row: -row[2])}
        order.shuffle(rows)  # type: ignore[attr-defined]
        frames[number] = frame(rows)
    numbers = list(frames)
    order.shuffle(numbers)  # type: ignore[attr-defined]
    store = IntervalStore(tmp_path_factory.mktemp("store"), memory_mib=256, threads=1)
    for number in numbers:
        store.write(frames[number], generation=number)
    expected = sorted((channel, at, value) for (channel, at), value in plain.items())
    assert values(store, numbers) == expected
    history = store.history([1, 2, 3], since=EVER[0], until=EVER[1], generations=numbers)
    merged = numbers[: max(len(numbers) // 2, 1)]
    store.compact(merged, generation=100)
    counting = [100, *(number for number in numbers if number not in merged)]
    assert values(store, counting) == expected
    assert values(store, [*numbers, 100]) == expected
    after = store.history([1, 2, 3], since=EVER[0], until=EVER[1], generations=counting)
    assert after.rows() == history.rows()
    store.compact(counting, generation=101)
    assert values(store, [101]) == expected
    again = store.history([1, 2, 3], since=EVER[0], until=EVER[1], generations=[101])
    assert again.rows() == history.rows()


def test_an_interval_that_came_twice_counts_once_and_is_told(store: IntervalStore) -> None:
    good, bad = frame([(1, BEGIN, 9)]), frame([(1, BEGIN, 4)], quality=2)
    written = store.write(pl.concat([bad, good, bad]), generation=1)
    assert (written.rows, written.repeated) == (1, 2)
    found = store.read([1], since=EVER[0], until=EVER[1], generations=[1])
    assert found.select("value", "quality", "copies").rows() == [(9, 0, 3)]
    history = store.history([1], since=EVER[0], until=EVER[1], generations=[1])
    assert sorted(history["value"].to_list()) == [4, 4, 9]


def test_a_generation_has_each_interval_once(store: IntervalStore) -> None:
    store.write(frame([(1, BEGIN, 1), (3, BEGIN, 1)]), generation=4)
    store.write(frame([(2, BEGIN, 1)]), generation=4)
    with pytest.raises(StoreProblem, match="already has intervals of channel 3"):
        store.write(frame([(3, BEGIN, 2), (4, BEGIN, 1)]), generation=4)
    assert values(store, [4], (1, 2, 3, 4)) == [(1, BEGIN, 1), (2, BEGIN, 1), (3, BEGIN, 1)]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"value": pl.lit(None, dtype=pl.Int64)}, "has no value"),
        ({"value": pl.lit(10**12 + 1)}, "beyond"),
        ({"minutes": pl.lit(7, dtype=pl.Int32)}, "divide a day"),
        ({"starts": pl.col("starts").dt.replace_time_zone(None)}, "time zone"),
        ({"channel": pl.lit("A")}, "cannot be read"),
    ],
)
def test_what_cannot_be_stored_is_refused(store: IntervalStore, change: dict[str, pl.Expr], words: str) -> None:
    with pytest.raises(StoreProblem, match=words):
        store.write(frame([(1, BEGIN, 1)]).with_columns(**change), generation=1)
    assert not list(store.folder.root.rglob("*.parquet"))


def test_a_crash_while_writing_leaves_the_store_as_it_was(
    store: IntervalStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.write(frame(run_of(1, "2026-03-31T22:00", list(range(20)))), generation=1)
    before = values(store, [1])
    renamed = Path.rename

    def power_cut(self: Path, target: Path) -> Path:
        if "month=2026-04" in str(target):
            raise OSError("the machine stopped")
        return renamed(self, target)

    monkeypatch.setattr(files.Path, "rename", power_cut)
    with pytest.raises(OSError, match="stopped"):
        store.write(frame(run_of(1, "2026-03-31T22:00", [99] * 20)), generation=2)
    monkeypatch.undo()
    assert values(store, [1]) == before
    left = store.sweep([1])
    assert [path.relative_to(store.folder.root).as_posix() for path in left] == [
        "month=2026-03/g=000002", "month=2026-04/g=000002",
    ]  # fmt: skip
    assert values(store, [1]) == before
    store.sweep([1], remove=True)
    assert store.sweep([1]) == [] and values(store, [1]) == before
    store.write(frame(run_of(1, "2026-03-31T22:00", [99] * 20)), generation=2)
    assert {value for *_, value in values(store, [1, 2])} == {99}


def test_half_written_files_of_a_generation_that_counts_are_swept(store: IntervalStore) -> None:
    store.write(frame([(1, BEGIN, 1)]), generation=1)
    half = store.folder.root / "month=2026-03" / "g=000001" / "part-0002.parquet.unfinished"
    half.write_bytes(b"PAR1")
    assert values(store, [1]) == [(1, BEGIN, 1)]
    assert store.sweep([1], remove=True) == [half]
    assert not half.exists()


def test_merging_keeps_newer_generations_newer(store: IntervalStore) -> None:
    """A generation that was under way while others were merged must still win, though its number is lower."""
    store.write(frame([(1, BEGIN, 1)]), generation=1)
    store.write(frame([(1, BEGIN, 2)]), generation=2)
    store.write(frame([(1, BEGIN, 3)]), generation=3)
    merged = store.compact([1, 2], generation=4)
    assert (merged.rows, merged.superseded) == (1, 1)
    assert values(store, [3, 4]) == [(1, BEGIN, 3)]
    assert store.sweep([3, 4], remove=True) and values(store, [3, 4]) == [(1, BEGIN, 3)]
    with pytest.raises(StoreProblem, match="newer number"):
        store.compact([3, 4], generation=4)
