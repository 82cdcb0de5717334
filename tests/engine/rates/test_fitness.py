"""Whatever text is given, a reader returns or refuses in a sentence with its line; nothing else comes out of it."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meterbook.engine.rates.check import read_cases
from meterbook.engine.rates.document import read_document
from meterbook.engine.rates.tariff import Tariff, TariffError, parse_tariff
from meterbook.formats.contract import WrongFormat
from meterbook.formats.owrs.document import parse as parse_owrs
from meterbook.formats.urdb.read import parse as parse_urdb

DEEP = "values nested more than 50 deep, expected at most 50 levels"
#: A text, the line it is refused at, and words of the sentence.
NASTY: dict[str, tuple[str, int, str]] = {
    "brackets without end": ("\n" + "[" * 60_000, 2, DEEP),
    "brackets": ("schedule: " + "[" * 3000 + "]" * 3000, 1, DEEP),
    "lists in lists": ("- " * 3000 + "a", 1, DEEP),
    "keys in keys": ("? " * 3000 + "a", 1, DEEP),
    "mappings in mappings": ("{a: " * 100 + "1" + "}" * 100, 1, DEEP),
    "blocks in blocks": ("".join(" " * at + "a:\n" for at in range(300)), 51, DEEP),
    "NUL": ("a: 1\nb: \0", 2, "control character U+0000"),
    "bell": ("a: 1\nb: \x07", 2, "control character U+0007"),
    "half a character": ("a: \ud800", 1, "control character U+D800"),
    "tag": ("a: 1\nb: !!python/object/apply:os.system [ls]", 2, "YAML tag 'tag:yaml.org,2002:python/object"),
    "own tag": ("a: !mine 1", 1, "YAML tag '!mine'"),
    "merge key": ("a: 1\n<<: {b: 2}", 2, "merge key"),
    "alias": ("a: &x [1]\nb: *x", 2, "YAML alias"),
    "too long": ("# " + "x" * 2_000_000, 1, "2000002 characters, expected at most 2000000"),
    "too many values": ("a: [" + "1," * 200_001 + "1]", 1, "more than 200000 keys and values"),
    "mapping as a key": ("? {a: 1}\n: 2\n", 1, "expected"),
    "YAML of another version": ("%YAML 9.9\n---\na: 1", 1, "incompatible YAML"),
}


@pytest.mark.parametrize("name", NASTY)
def test_what_no_document_may_hold_is_refused_in_a_sentence(name: str, alder_bend: dict[str, Tariff]) -> None:
    text, line, words = NASTY[name]
    with pytest.raises(TariffError) as refused:
        parse_tariff(text, file="x.yaml")
    assert any(problem.line == line and words in str(problem) for problem in refused.value.problems), refused.value
    with pytest.raises(TariffError):
        read_cases(alder_bend["W-RES"], text, file="x.yaml")


def test_brackets_without_end_do_not_end_the_process() -> None:
    code = (
        "from meterbook.engine.rates.document import read_document\n"
        "from meterbook.formats.owrs.document import parse\n"
        "for read in (lambda: read_document('[' * 60000, file='x'), lambda: parse(b'[' * 60000)):\n"
        "    try:\n        read()\n    except ValueError as refused:\n        print(refused)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (done.returncode, len(done.stdout.splitlines())) == (0, 2), done.stderr


def test_a_quoted_sign_is_a_text_like_any_other() -> None:
    root = read_document("'<<': '!!str'\nb: \"\\x07\"", file="x")
    assert [key for key, _ in root.pairs()] == ["<<", "b"]


_PIECES = st.sampled_from(
    ["[", "]", "{", "}", ": ", "- ", "? ", "\n", "  ", "'", '"', "|", ">", "&a ", "*a", "!!int ", "!", "%", "@", "`",
     "#", "<<", "---",
     "...", "\t", "\0", "\x85", "\ufeff", "\ud800", "\u2028", ",", "~", "null", "schedule", "versions",
     "2024-02-30", "1e999", "9" * 400, "٣", "cases", "determinants", "components"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(), st.lists(_PIECES, max_size=60).map("".join)))
def test_any_text_is_read_or_refused(text: str) -> None:
    with pytest.raises(TariffError):
        parse_tariff(text, file="x")


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_a_broken_document_is_read_or_refused(data: st.DataObject, every_component: Tariff, whole_text: str) -> None:
    begins = data.draw(st.integers(0, len(whole_text)))
    ends = data.draw(st.integers(begins, min(begins + 40, len(whole_text))))
    broken = whole_text[:begins] + data.draw(st.lists(_PIECES, max_size=4).map("".join)) + whole_text[ends:]
    try:
        assert parse_tariff(broken, file="x").versions
    except TariffError as refused:
        assert all(problem.line >= 1 and problem.found and problem.expected for problem in refused.problems)


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"a": ' * 3000, "[" * 80 + "]" * 80, '{"name": ' + "[" * 60 + "]" * 60 + "}"]
)
def test_deep_rate_records_are_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(WrongFormat, match="nested"):
        parse_urdb(text.encode())


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, "- " * 3000 + "a", "a: " + "[" * 80 + "]" * 80, "rate_structure: &a {<<: *a, b: 1}",
     "rate_structure: {R: &a {<<: *a}}", "rate_structure: {R: {b: &a [*a]}}", "a: \0",
     "".join(f"a{n + 1}: &a{n + 1} {{<<: [{', '.join([f'*a{n}'] * 9)}], k{n}: 1}}\n" if n else "a1: &a1 {k: 1}\n"
             for n in range(20)) + "rate_structure: {R: {<<: *a20}}"],
)  # fmt: skip
def test_deep_specification_files_are_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(WrongFormat):
        parse_owrs(text.encode())


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(st.text(), st.lists(_PIECES, max_size=60).map("".join)).map(lambda text: text.encode("utf-8", "replace"))
)
def test_any_file_of_a_public_format_is_read_or_refused(data: bytes) -> None:
    for parse in (parse_owrs, parse_urdb):
        with pytest.raises(WrongFormat):
            parse(data)
