"""Reading OWRS files: lines, exact text, and one clear refusal of what cannot be trusted."""

from __future__ import annotations

from pathlib import Path

import pytest

from meterbook.formats.contract import WrongFormat
from meterbook.formats.owrs import parse, write
from meterbook.formats.owrs.document import Bare

SAMPLES = Path(__file__).resolve().parents[3] / "src" / "meterbook" / "formats" / "owrs" / "samples"


def test_keys_keep_their_lines_and_numbers_their_text() -> None:
    owrs = parse(b"metadata: {bill_unit: ccf}\nrate_structure:\n  OTHER:\n    price: 2.10\n    bill: price*usage_ccf\n")
    entries = owrs.classes["OTHER"].entries
    assert (entries["price"].value, entries["price"].line) == ("2.10", 4)
    assert isinstance(entries["price"].value, Bare) and not isinstance(entries["bill"].value, Bare)
    assert owrs.metadata == {"bill_unit": "ccf"}


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("rate_structure:\n  A:\n    bill: 1\n    bill: 2\n", 4, "the key bill stands twice in A, first on line 3"),
        ("rate_structure:\n  A: {bill: 1}\n  A: {bill: 2}\n", 3, "the key A stands twice"),
        ("rate_structure: {A: {bill: 1}}\nrate_structure: {B: {bill: 1}}\n", 2, "rate_structure stands twice"),
        ("rate_structure:\n  A:\n\tbill: 1\n", 3, "not valid YAML"),
        ("rate_structure:\n  A:\n    x: {y: [1, 2}\n", 3, "not valid YAML"),
        ("rate_structure:\n  A:\n    t: {values: {a: 1, a: 2}}\n", 3, "the key a stands twice"),
        ("metadata: {}\n", 1, "it has no rate_structure"),
        ("rate_structure: 5\n", 1, "rate_structure is not a mapping"),
        ("- a\n- b\n", 1, "the file is not a mapping"),
        ("a: 1\n---\nb: 2\n", 3, "a second document begins"),
        ("rate_structure: {A: {? [1] : 2}}\n", 1, "a key that is no word"),
    ],
)
def test_a_file_that_cannot_be_trusted_is_refused_with_its_line(text: str, line: int, words: str) -> None:
    with pytest.raises(WrongFormat, match=words) as refusal:
        parse(text.encode())
    assert refusal.value.line == line


def test_anchors_may_repeat_a_part_but_not_blow_the_file_up() -> None:
    shared = b"rate_structure:\n  A: {bill: &x {depends_on: m, values: {a: 1}}}\n  B: {bill: *x}\n"
    assert parse(shared).classes["B"].entries["bill"].value == {"depends_on": "m", "values": {"a": "1"}}
    bomb = "rate_structure:\n  A:\n    l0: &l0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"    l{at}: &l{at} [{', '.join([f'*l{at - 1}'] * 10)}]\n" for at in range(1, 9)
    )
    with pytest.raises(WrongFormat, match="without end"):
        parse(bomb.encode())


def test_parts_may_be_merged_and_an_empty_end_is_no_document() -> None:
    text = b"rate_structure:\n  A: &a {price: 1, bill: price}\n  B: {<<: *a, price: 2}\n---\n"
    entries = parse(text).classes["B"].entries
    assert {key: entry.value for key, entry in entries.items()} == {"price": "2", "bill": "price"}


def test_a_class_that_holds_no_keys_stops_no_other() -> None:
    owrs = parse(b"rate_structure:\n  A: 5\n  B: {bill: 2}\n")
    assert list(owrs.classes) == ["B"]
    assert owrs.unread == {"A": "line 2: the class A holds no keys"}


@pytest.mark.parametrize("sample", sorted(SAMPLES.glob("good-*")), ids=lambda each: each.name)
def test_what_is_written_reads_the_same(sample: Path) -> None:
    owrs = parse(sample.read_bytes())
    again = parse(write(owrs))
    assert write(again) == write(owrs)
    assert [
        (name, [(key, entry.value) for key, entry in one.entries.items()]) for name, one in again.classes.items()
    ] == [(name, [(key, entry.value) for key, entry in one.entries.items()]) for name, one in owrs.classes.items()]
    assert again.metadata == owrs.metadata
