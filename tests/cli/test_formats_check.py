"""`meterbook formats check`: a verdict for any file, and never a traceback."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import meterbook.formats
from meterbook.cli.commands.formats import command
from meterbook.cli.commands.formats.checking import _say
from meterbook.cli.main import NAMES
from meterbook.formats.contract import Format, Verdict
from meterbook.formats.judge import judge
from meterbook.formats.registry import by_folder, discover

FOLDER = Path(meterbook.formats.__path__[0])
SAMPLES = sorted(each for each in FOLDER.glob("*/samples/**/*") if each.is_file())


def name_of(sample: Path) -> str:
    return sample.parent.name if sample.parent.name != "samples" else by_folder()[sample.parents[1].name][0].name


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(command, [str(arg) for arg in args])


def verdict(format_: str, file: Path) -> tuple[str, str]:
    result = run("check", format_, file)
    assert result.exit_code == 0, result.output
    name, word, reason = result.stdout.removesuffix("\n").split("\t")
    assert name == str(file) and word in {"VALID", "INVALID"} and reason
    return word, reason


def test_the_command_is_there() -> None:
    assert "formats" in NAMES
    listed = run("list").stdout.splitlines()
    assert [line.split()[0] for line in listed] == sorted(discover())


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda each: f"{name_of(each)}/{each.name}")
def test_each_sample_is_judged_by_its_name(sample: Path) -> None:
    word, reason = verdict(name_of(sample), sample)
    assert word == ("VALID" if sample.name.startswith("good-") else "INVALID"), reason


def reference(name: str) -> Path:
    """A file this project did not write, beside the checkout, or a skip that says what is absent."""
    path = Path(__file__).parents[3] / "shared" / "data" / name
    if not path.exists():
        pytest.skip(f"reference data absent: ../shared/data/{name}")
    return path


def test_the_beacon_reference_file_is_valid() -> None:
    assert verdict("beacon", reference("beacon/beacon-360-report.csv")) == ("VALID", "2 rows: 2 reads")


@pytest.mark.parametrize(
    ("format_", "name", "reason"),
    [
        ("cmep", "cmep/sample.cmep", "7 rows: 5 reads, 2 interval blocks of 26 values"),
        ("espi", "greenbutton/samples/1hrLP_32Days.xml", "32 rows: 32 interval blocks of 768 values"),
        ("espi", "greenbutton/samples/Gas.xml", "13 rows: 13 interval blocks of 13 values"),
    ],
)
def test_other_reference_files_are_valid(format_: str, name: str, reason: str) -> None:
    assert verdict(format_, reference(name)) == ("VALID", reason)


def test_several_files_are_judged_in_their_order(tmp_path: Path) -> None:
    good = FOLDER / "reads_csv" / "samples" / "good-route.csv"
    (tmp_path / "empty").write_bytes(b"")
    result = run("check", "meterbook-reads", good, tmp_path / "empty", good)
    assert result.exit_code == 0
    assert [line.split("\t")[1] for line in result.stdout.splitlines()] == ["VALID", "INVALID", "VALID"]
    assert result.stdout.splitlines()[1].endswith(
        "\tline 0, file: the file is empty; found nothing, expected a heading line and rows"
    )


def test_a_file_with_one_bad_row_is_invalid_and_the_row_is_named(tmp_path: Path) -> None:
    problems = FOLDER / "reads_csv" / "samples" / "problems-five-rows.csv"
    word, reason = verdict("meterbook-reads", problems)
    assert word == "INVALID" and "rows cannot be taken; line 2, " in reason and "expected" in reason


def test_an_unknown_format_lists_those_that_exist(tmp_path: Path) -> None:
    result = run("check", "fax", tmp_path)
    assert result.exit_code == 2 and "no format 'fax'; known: agency-accounts" in result.stderr and not result.stdout


def test_a_file_that_cannot_be_opened_stops_no_other(tmp_path: Path) -> None:
    good = FOLDER / "reads_csv" / "samples" / "good-route.csv"
    result = run("check", "meterbook-reads", tmp_path / "none", tmp_path, good)
    assert result.exit_code == 2
    assert [line.split("\t")[1] for line in result.stdout.splitlines()] == ["VALID"]
    assert len(result.stderr.splitlines()) == 2 and "No such file" in result.stderr


@pytest.mark.parametrize(
    "data",
    [b"", b"\n", b"\x00", b"a,b\x00c\n", b"\xff\xfe\x00", b"PK\x03\x04", b"\xef\xbb\xbf", b"\r", b'"', b",\t\n" * 9,
     b"\x1b[31m\n", "\u2028\u202e\n".encode(), b"<a>" * 5000, b"[" * 5000, b"{" * 5000, b"- " * 5000, b"9" * 200_000],
    ids=range(17),
)  # fmt: skip
@pytest.mark.parametrize("name", sorted(discover()))
def test_no_rubbish_brings_a_reader_down(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / "f").write_bytes(data)
    assert verdict(name, tmp_path / "f")[0] == "INVALID"


@pytest.mark.parametrize("sample", [each for each in SAMPLES if each.name.startswith("good-")], ids=name_of)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_no_damage_brings_a_reader_down(sample: Path, data: st.DataObject) -> None:
    whole = bytearray(sample.read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(whole) - 1))
        whole[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
    found = judge(discover()[name_of(sample)], bytes(whole))
    assert found.reason.isprintable() and found.reason


def test_a_reader_that_fails_is_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(_: bytes) -> Verdict:
        raise ZeroDivisionError

    broken = Format(name="broken", title="", kind="reads", parse=failing, write=None)
    monkeypatch.setattr("meterbook.cli.commands.formats.checking.any_format", lambda _: broken)
    (tmp_path / "f").write_bytes(b"x")
    result = run("check", "broken", tmp_path / "f")
    assert result.exit_code == 3 and result.stdout.endswith(
        "\tINVALID\tthe reader of broken failed on it (ZeroDivisionError)\n"
    )


def test_a_file_name_cannot_break_the_columns(tmp_path: Path) -> None:
    file = tmp_path / "a\tb\nc"
    file.write_bytes(b"")
    (line,) = run("check", "beacon", file).stdout.splitlines()
    assert line.split("\t")[:2] == [f"{tmp_path}/a b c", "INVALID"]


def test_a_terminal_without_the_letter_gets_an_escape(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii", write_through=True)
    monkeypatch.setattr(sys, "stdout", stream)
    _say("Peña…")
    assert stream.buffer.getvalue() == b"Pe\\xf1a\\u2026\n"
