"""BAI2: the public samples, a second reader, control totals at every level, and how senders differ."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from bai2 import bai2 as library
from hypothesis import given
from hypothesis import strategies as st

from meterbook.formats.bai2 import BAI2, BAI2_LENIENT, parse, read, write
from meterbook.formats.contract import WrongFormat
from meterbook.formats.judge import judge
from meterbook.formats.statements import Balance, BankLine, BankStatement, ParsedStatements

DAY = dt.date(2026, 6, 3)
GOOD = (Path(__file__).parents[3] / "src/meterbook/formats/bai2/samples/bai2/good-one-day.txt").read_bytes()


def file_of(*lines: BankLine, opening: int = 0) -> bytes:
    closing = opening + sum(each.amount_cents for each in lines)
    statement = BankStatement(0, "0012345555", "USD", DAY, lines, Balance(opening, DAY), Balance(closing, DAY))
    made = dt.datetime.fromisoformat("2026-06-04 06:00")
    return write([statement], sender="FIRSTBANK", receiver="ALDERBEND", created_at=made, file_id="7")


#: Statements, lines, cents in and out of the public samples whose control totals hold.
SAMPLES = {"sample1": (2, 17, 320_000, 320_000), "sample2": (5, 4, 30_950_000, 0), "sample3": (15, 26, 39_713, 59_418)}


@pytest.mark.parametrize("name", SAMPLES)
def test_the_public_samples_load_with_their_control_totals(name: str, reference: Callable[[str], bytes]) -> None:
    data = reference(f"bai2/{name}.txt")
    parsed = parse(data)
    found = (len(parsed.statements), len(parsed), parsed.credits_cents, parsed.debits_cents)
    assert found == SAMPLES[name]
    # Counted another way: every 49, 98 and 99 of the text is among the controls, with its own figure.
    said = sorted(int(each) for each in re.findall(rb"(?:^|\s)(?:49|98|99),([+-]?\d+)", data))
    assert sorted(each.stated for each in parsed.controls if each.what == "control total") == said
    assert judge(BAI2, data).valid


@pytest.mark.parametrize("name", ["sample4-continuations-newline-delimited", "sample5-issue113"])
def test_samples_whose_own_totals_are_false_say_so(name: str, reference: Callable[[str], bytes]) -> None:
    """These two were put together by hand: 26 records are stated where 18 stand, 4 accounts where 5 do."""
    data = reference(f"bai2/{name}.txt")
    with pytest.raises(WrongFormat, match=r"control total .*and 8 more.*7999960 in the records.*-1260161341762"):
        parse(data)
    lenient = read(data)
    assert (len(lenient.statements), len(lenient)) == ((5, 17) if name.startswith("sample4") else (5, 20))
    assert {(each.level, each.what) for each in lenient.differences if each.binding} == {
        ("account", "control total"), ("account", "records"), ("group", "control total"), ("group", "accounts"),
        ("group", "records"), ("file", "control total"), ("file", "records"),
    }  # fmt: skip
    verdict = judge(BAI2_LENIENT, data)
    assert verdict.valid
    assert "control total 79999.60, the file states -12601613417.62" in verdict.reason


def test_the_sample_meant_to_fail_is_refused_with_reason_line_and_field(reference: Callable[[str], bytes]) -> None:
    with pytest.raises(WrongFormat, match="not a BAI2 file") as refusal:
        parse(reference("bai2/errors/sample-parseError.txt"))
    assert (refusal.value.line, refusal.value.field) == (1, "record type")
    assert refusal.value.found.startswith("00,0004")


def test_a_line_of_each_kind_in_words(reference: Callable[[str], bytes]) -> None:
    line = read(reference("bai2/sample4-continuations-newline-delimited.txt")).statements[2].lines[5]
    assert (line.code, line.kind, line.amount_cents, line.return_reason) == (
        "257", "individual ACH return item", 60_000, "R02",
    )  # fmt: skip
    assert line.reference == "028000020000335"
    assert line.text.endswith("DBNM: Company1 DABA: 028000024")
    check = read(reference("bai2/sample2.txt")).statements[2].lines[0]
    assert (check.value_on, check.bank_reference, check.reference) == (dt.date(2004, 6, 22), "SP4738", "YRC065321")
    assert check.text == "PROCEEDS OF LETTER OF CREDIT FROM THE ARAMCO OIL CO"


def amounts(parsed: ParsedStatements) -> list[list[int]]:
    return [[abs(each.amount_cents) for each in statement.lines] for statement in parsed.statements]


def second_opinion(data: bytes) -> list[list[int]]:
    found = library.parse_from_string(data.decode(), check_integrity=True)
    return [[each.amount for each in account.children] for group in found.children for account in group.children]


def test_an_independent_reader_agrees_on_a_public_sample(reference: Callable[[str], bytes]) -> None:
    data = reference("bai2/sample1.txt")
    assert amounts(parse(data)) == second_opinion(data)


LINES = st.builds(
    BankLine,
    line=st.just(0),
    amount_cents=st.integers(1, 10**9),
    booked_on=st.just(DAY),
    value_on=st.none() | st.just(DAY),
    code=st.sampled_from(["115", "165", "354"]),
    reference=st.from_regex(r"[A-Z0-9]{0,12}", fullmatch=True),
    text=st.from_regex(r"[A-Z0-9,]{1,9}( [A-Z0-9,]{1,9}){0,19}", fullmatch=True),
)


@given(st.lists(LINES, max_size=6), st.integers(-(10**6), 10**9))
def test_what_is_written_is_read_back_here_and_by_the_library(lines: list[BankLine], opening: int) -> None:
    data = file_of(*lines, opening=opening)
    parsed = parse(data)
    found = parsed.statements[0]
    assert [(each.amount_cents, each.code, each.reference, each.text, each.value_on) for each in found.lines] == [
        (each.amount_cents, each.code, each.reference, each.text, each.value_on) for each in lines
    ]
    assert parsed.differences == () and found.tie is not None and found.opening == Balance(opening, DAY)
    assert second_opinion(data) == amounts(parsed)


@pytest.mark.parametrize(
    ("old", "new", "level", "what"),
    [
        ("49,18275686,8/", "49,18275687,8/", "account 0012345555", "control total"),
        ("49,18275686,8/", "49,18275686,5/", "account 0012345555", "records"),
        ("98,18275686,1,10/", "98,18275685,1,10/", "group FIRSTBANK", "control total"),
        ("98,18275686,1,10/", "98,18275686,2,10/", "group FIRSTBANK", "accounts"),
        ("99,18275686,1,12/", "99,1827568,1,12/", "file 1", "control total"),
        ("99,18275686,1,12/", "99,18275686,2,12/", "file 1", "groups"),
        ("99,18275686,1,12/", "99,18275686,1,13/", "file 1", "records"),
    ],
)
def test_a_wrong_total_at_any_level_refuses_the_file(old: str, new: str, level: str, what: str) -> None:
    assert old.encode() in GOOD
    with pytest.raises(WrongFormat, match="control total does not match") as refusal:
        parse(GOOD.replace(old.encode(), new.encode()))
    assert refusal.value.field == f"{level}, {what}"


@pytest.mark.parametrize(
    ("old", "new", "habit"),
    [
        ("49,18275686,8/", "49,18275686,7/", "continuations are not counted as records"),
        ("49,18275686,8/", "49,18275686,6/", "the account header and trailer are not counted as records"),
        ("88,SETTLEMENT", "88:SETTLEMENT", "88: written for 88,"),
        ("RETURNED R01/\n16", "RETURNED R01/  16", "several records on one line"),
    ],
)
def test_known_habits_are_accepted_and_named(old: str, new: str, habit: str) -> None:
    assert old.encode() in GOOD
    parsed = parse(GOOD.replace(old.encode(), new.encode()))
    assert parsed.variants == (habit,)
    assert f"accepted: {habit}" in judge(BAI2, GOOD.replace(old.encode(), new.encode())).reason


def test_a_balance_that_does_not_tie_is_a_question_not_a_refusal() -> None:
    """The bank's totals hold, yet 50,000.00 and the lines make 77,435.62."""
    data = GOOD.replace(b"015,7743562", b"015,7743563").replace(b"18275686", b"18275687")
    (difference,) = parse(data).differences
    assert (difference.level, difference.stated, difference.counted) == ("balance", 7_743_563, 7_743_562)


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        (",,2/\n02", ",,3/\n02", "version"),
        ("16,115,", "16,11X,", "type code"),
        ("1934500,V", "19345.00,V", "amount"),
        ("V,260603", "V,261303", "value date"),
        (",1,260603,", ",5,260603,", "group status"),
        (",Z,,0018", ",Q,,0018", "funds type"),
        ("03,0012345555", "03,", "account number"),
        ("99,18275686,1,12/", "", "record type"),
        ("02,ALDERBEND", "03,ALDERBEND", "record type"),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_field(old: str, new: str, field: str) -> None:
    assert old.encode() in GOOD
    with pytest.raises(WrongFormat) as refusal:
        parse(GOOD.replace(old.encode(), new.encode(), 1))
    assert refusal.value.field == field
