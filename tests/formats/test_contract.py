"""The words all formats share, and that every format is found by its folder and tells the truth in its samples."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from pathlib import Path
from typing import Any

import pytest

import meterbook.formats
from meterbook.formats.contract import Format, ParsedPayments, ParsedReads, WrongFormat, csv_rows, utf8_text
from meterbook.formats.registry import UnknownFormat, discover, payment_format, read_format

FOLDER = Path(meterbook.formats.__path__[0])
SAMPLES = sorted(FOLDER.glob("*/samples/*"))
MODULES = sorted(each.name for each in pkgutil.walk_packages(meterbook.formats.__path__, "meterbook.formats."))


def format_of(sample: Path) -> Format[Any]:
    declared = importlib.import_module(f"meterbook.formats.{sample.parents[1].name}").FORMAT
    assert isinstance(declared, Format)
    return declared


def test_every_folder_is_a_format() -> None:
    folders = {each.name for each in FOLDER.iterdir() if (each / "__init__.py").is_file()}
    assert len(discover()) == len(folders)


def test_formats_are_asked_for_by_name_and_kind() -> None:
    assert read_format("beacon").kind == "reads"
    assert payment_format("lockbox").kind == "payments"
    with pytest.raises(UnknownFormat, match=r"no reads format 'lockbox'; known: .*beacon"):
        read_format("lockbox")


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda each: f"{each.parents[1].name}/{each.name}")
def test_each_sample_does_what_its_name_says(sample: Path) -> None:
    parse = format_of(sample).parse
    kind = sample.name.split("-")[0]
    assert kind in {"good", "problems", "refused"}
    if kind == "refused":
        with pytest.raises(WrongFormat) as refusal:
            parse(sample.read_bytes())
        assert refusal.value.field and refusal.value.expected
        return
    parsed = parse(sample.read_bytes())
    if isinstance(parsed, ParsedReads | ParsedPayments):
        assert bool(parsed.problems) == (kind == "problems")
        assert all(problem.line > 1 and problem.field and problem.expected for problem in parsed.problems)


@pytest.mark.parametrize("module", MODULES)
def test_examples_in_docstrings_run(module: str) -> None:
    assert doctest.testmod(importlib.import_module(module)).failed == 0


@pytest.mark.parametrize(
    ("data", "field", "line"),
    [
        (b"", "file", 0),
        (b" \r\n\n", "file", 0),
        (b"\xef\xbb\xbf", "file", 0),
        ("meter\nPeña".encode("latin-1"), "encoding", 2),
        ("meter".encode("utf-16"), "encoding", 1),
        (b"PK\x03\x04\xff", "encoding", 1),
        (b"a\nb\x00", "encoding", 2),
    ],
)
def test_what_is_not_utf8_text_is_refused_by_name(data: bytes, field: str, line: int) -> None:
    with pytest.raises(WrongFormat) as refusal:
        utf8_text(data)
    assert (refusal.value.field, refusal.value.line) == (field, line)


def test_rows_keep_their_first_line_and_their_raw_text() -> None:
    text = 'a,b\r\n"two\nlines",1\n\n"say ""hi""",2'
    assert list(csv_rows(text)) == [
        (1, ["a", "b"], "a,b"),
        (2, ["two\nlines", "1"], '"two\nlines",1'),
        (5, ['say "hi"', "2"], '"say ""hi""",2'),
    ]


@pytest.mark.parametrize("text", ['a\n"b', 'a\n"b"c,d\n', 'a\n"' + "x\n" * 90_000])
def test_unbalanced_quotes_are_refused_where_they_open(text: str) -> None:
    with pytest.raises(WrongFormat, match="quotes do not balance") as refusal:
        list(csv_rows(text))
    assert refusal.value.line == 2
