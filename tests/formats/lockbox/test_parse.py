"""Lockbox deposits: every control total is checked, and no cent is dropped."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meterbook.formats.contract import WrongFormat
from meterbook.formats.lockbox import (
    DEFAULT_LAYOUT,
    Check,
    Columns,
    Layout,
    LockboxDeposit,
    WrongLayout,
    layouts_of,
    parse,
    parse_by,
    write,
)


def at(text: str) -> dt.datetime:
    """Naive local time, as files state it."""
    return dt.datetime.fromisoformat(text)


DAY = dt.date(2025, 3, 4)
ANA = Check("100245", 7_000, payer="ANA BROOK", reference="18", written_on=dt.date(2025, 2, 28))
BEN = Check("100377", 12_345, payer="BEN CASTILLO", reference="1042")
CHIDI = Check("100512", 9_990, payer="CHIDI OBI", reference="77")
IN_RECORD_6 = dataclasses.replace(DEFAULT_LAYOUT, account_record="6", account=Columns(83, 102), payee=None)
WIDE = dataclasses.replace(DEFAULT_LAYOUT, width=160, date_order="YYMMDD", account=Columns(12, 60))


def deposit(*checks: Check) -> LockboxDeposit:
    return LockboxDeposit(
        destination="ALDERBEND",
        origin="0099999991",
        lockbox="2222",
        processed_at=at("2025-03-04 18:00"),
        deposit_on=DAY,
        checks=checks,
    )


def edited(old: str, new: str, *checks: Check, batch_size: int = 200) -> bytes:
    text = write(deposit(*(checks or (ANA, BEN))), batch_size=batch_size).decode()
    assert old in text
    return text.replace(old, new, 1).encode()


PRINTABLE = st.characters(min_codepoint=33, max_codepoint=126)
CHECKS = st.builds(
    Check,
    account_number=st.text(PRINTABLE, min_size=1, max_size=20),
    amount_cents=st.integers(1, 9_999_999),
    payer=st.text(PRINTABLE, max_size=30),
    reference=st.integers(1, 9_999_999_999).map(str),
    written_on=st.none() | st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)),
)


@given(st.lists(CHECKS, max_size=9), st.integers(1, 4), st.sampled_from([DEFAULT_LAYOUT, IN_RECORD_6, WIDE]))
def test_what_is_written_is_read_back(checks: list[Check], batch_size: int, layout: Layout) -> None:
    parsed = parse(write(deposit(*checks), layout=layout, batch_size=batch_size), layout=layout)
    assert parsed.problems == []
    assert [(r.account_number, r.amount_cents, r.reference, r.payer, r.received_on) for r in parsed.records] == [
        (c.account_number, c.amount_cents, c.reference, c.payer, DAY) for c in checks
    ]
    assert parsed.control_total_cents == sum(c.amount_cents for c in checks)
    assert parsed.control_count == len(checks)
    assert (parsed.deposit_on, parsed.origin) == (DAY, "0099999991")


@given(st.lists(CHECKS, max_size=5), st.data())
def test_a_file_cut_anywhere_is_refused(checks: list[Check], data: st.DataObject) -> None:
    whole = write(deposit(*checks), batch_size=2)
    cut = data.draw(st.integers(0, len(whole.rstrip()) - 1))
    with pytest.raises(WrongFormat):
        parse(whole[:cut])


def test_a_file_cut_at_every_line_boundary_is_refused() -> None:
    lines = write(deposit(ANA, BEN, CHIDI), batch_size=2).splitlines(keepends=True)
    for kept in range(len(lines)):
        with pytest.raises(WrongFormat):
            parse(b"".join(lines[:kept]))


def test_a_file_without_one_of_its_lines_is_refused() -> None:
    lines = write(deposit(ANA, BEN, CHIDI), batch_size=2).splitlines(keepends=True)
    for gone in range(len(lines)):
        with pytest.raises(WrongFormat):
            parse(b"".join(lines[:gone] + lines[gone + 1 :]))


def test_the_reference_deposit(reference: Callable[[str], bytes]) -> None:
    parsed = parse(reference("lockbox/test_lockbox.bai"))
    assert parsed.problems == []
    (record,) = parsed.records
    assert (record.line, record.account_number, record.amount_cents) == (4, "CE554", 700_000)
    assert (record.received_on, record.reference, record.payer) == (dt.date(2016, 5, 23), "180", "BOB E SMITH")
    assert (parsed.control_total_cents, parsed.control_count) == (700_000, 1)
    assert parsed.origin == "0099999991"


def test_the_reference_deposit_without_checks(reference: Callable[[str], bytes]) -> None:
    parsed = parse(reference("lockbox/test_empty_lockbox.bai"))
    assert (parsed.records, parsed.control_count, parsed.deposit_on) == ([], 0, dt.date(2016, 5, 27))


@pytest.mark.parametrize(
    ("old", "new", "field", "found", "expected"),
    [
        ("0000007000000", "0000007001000", "batch amount in cents", "19346 in the", "19345 as the file states"),
        ("2503040020000019345", "2503040030000019345", "batch count", "2 in the", "3 as the file states"),
        ("25030400020000019345", "25030400030000019345", "lockbox count", "2 in the", "3 as the file states"),
        ("0020000019345", "0020000019354", "batch amount in cents", "19345 in the", "19354 as the file states"),
        ("00020000019345", "00020000019354", "lockbox amount in cents", "19345 in the", "19354 as the file states"),
        ("9000010", "9000011", "record count", "10 in the", "11 as the file states"),
        ("7001000000", "7002000000", "batch", "001", "002"),
        ("80000000002222", "80000000002223", "lockbox", "0002223", "0002222"),
        ("6001001000000", "6001001 00000", "amount", "000007000", "10 digits in columns 8-17"),
        ("50000000002222250304", "50000000002222251304", "deposit date", "251304", "YYMMDD in columns 15-20"),
        ("4001002", "4001003", "batch and item", "001/003", "001/002"),
        ("4001001", "3001001", "record type", "3001001", "4 (overflow) or 6 (check) or 7 (batch total)"),
    ],
)
def test_what_does_not_add_up_is_refused_naming_found_and_expected(
    old: str, new: str, field: str, found: str, expected: str
) -> None:
    with pytest.raises(WrongFormat) as refusal:
        parse(edited(old, new))
    assert refusal.value.field == field
    assert refusal.value.found.startswith(found)
    assert refusal.value.expected == expected
    assert refusal.value.line > 0


def test_a_check_without_an_account_is_money_all_the_same() -> None:
    without = parse(edited("100245", "      ", ANA, BEN))
    assert [(r.account_number, r.amount_cents) for r in without.records] == [("", 7_000), ("100377", 12_345)]
    assert [(p.line, p.field) for p in without.problems] == [(without.records[0].line, "account number")]
    assert without.control_total_cents == 19_345


def test_two_accounts_on_one_check_are_for_a_person_to_split() -> None:
    lines = write(deposit(ANA)).decode().splitlines(keepends=True)
    overflow = next(line for line in lines if line.startswith("4"))
    lines.insert(lines.index(overflow) + 1, overflow.replace("100245", "100246"))
    data = "".join(lines).replace("9000008", "9000009").encode()
    parsed = parse(data)
    assert [(r.account_number, r.amount_cents) for r in parsed.records] == [("", 7_000)]
    assert parsed.problems[0].found == "100245, 100246"
    assert parsed.records[0].raw.count("\n") == 2


def test_an_impossible_check_date_is_a_problem_beside_its_record() -> None:
    parsed = parse(edited("022825", "133125", ANA))
    assert [(p.field, p.found) for p in parsed.problems] == [("check date", "133125")]
    assert parsed.records[0].account_number == "100245"


@pytest.mark.parametrize(("name", "read_as"), [("JOSÉ ŁUKASZ", "JOSÉ ŁUKASZ"), ("山田太郎", "山田太郎")])
def test_a_name_in_any_script_never_stops_a_deposit(name: str, read_as: str) -> None:
    raw = name.encode()
    data = edited("ANA BROOK".ljust(30), "@" * 30, ANA).replace(b"@" * 30, raw.ljust(30))
    assert parse(data).records[0].payer == read_as
    latin = edited("ANA BROOK", "ANA BR@OK", ANA).replace(b"@", b"\xd6")
    assert parse(latin).records[0].payer == "ANA BRÖOK"


def test_the_writer_gives_banks_ascii() -> None:
    written = write(deposit(dataclasses.replace(ANA, payer="José Núñez 山田")))
    assert parse(written).records[0].payer == "Jose Nunez ??"


def test_windows_line_ends_blank_lines_and_the_old_end_mark_are_fine() -> None:
    data = write(deposit(ANA)).replace(b"\n", b"\r\n") + b"\r\n\x1a"
    assert parse(data).control_count == 1


@pytest.mark.parametrize("data", [b"", b"\n", b"\xf1\xf0\xf0", b"x" * 161, b"meter,reading\n", b"9000001\n"])
def test_another_kind_of_file_is_refused(data: bytes) -> None:
    with pytest.raises(WrongFormat):
        parse(data)


def test_text_after_the_trailer_is_refused() -> None:
    whole = write(deposit(ANA))
    with pytest.raises(WrongFormat, match="expected the end of the file"):
        parse(whole + whole)


def test_many_checks_open_further_sections() -> None:
    checks = [Check(str(100_000 + each), each + 1) for each in range(12_000)]
    data = write(deposit(*checks))
    assert [line[:1] for line in data.split(b"\n")].count(b"8") == 2
    parsed = parse(data)
    assert parsed.control_count == 12_000
    assert parsed.control_total_cents == sum(range(12_001))


@pytest.mark.parametrize(
    ("check", "layout"),
    [
        (dataclasses.replace(ANA, account_number=""), DEFAULT_LAYOUT),
        (dataclasses.replace(ANA, account_number="1" * 31), DEFAULT_LAYOUT),
        (dataclasses.replace(ANA, account_number="10Ø"), DEFAULT_LAYOUT),
        (dataclasses.replace(ANA, amount_cents=-1), DEFAULT_LAYOUT),
        (dataclasses.replace(ANA, amount_cents=10**10), DEFAULT_LAYOUT),
        (dataclasses.replace(ANA, written_on=dt.date(1999, 1, 1)), DEFAULT_LAYOUT),
        (ANA, dataclasses.replace(DEFAULT_LAYOUT, account_record="6", account=Columns(80, 90))),
    ],
)
def test_the_writer_refuses_what_does_not_fit(check: Check, layout: Layout) -> None:
    with pytest.raises(ValueError):
        write(deposit(check), layout=layout)


LAYOUTS = """
layouts:
  first-bank:
    origin: "0099999991"
    width: 120
    account: {record: 6, columns: 83-102}
    invoice: 103-112
    payee: none
    date_order: MMDDYY
  any-other: {}
"""


def test_a_banks_layout_is_a_document_chosen_by_its_origin() -> None:
    first, other = layouts_of(LAYOUTS)
    data = write(deposit(ANA, BEN), layout=first.layout)
    parsed = parse_by(data, layouts=(first, other))
    assert [each.account_number for each in parsed.records] == ["100245", "100377"]
    assert parsed.deposit_on == DAY
    elsewhere = dataclasses.replace(deposit(ANA), origin="0011111111")
    assert parse_by(write(elsewhere), layouts=(first, other)).records[0].account_number == "100245"
    with pytest.raises(WrongFormat, match="no layout for this bank"):
        parse_by(write(elsewhere), layouts=(first,))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("account: 12-41", "account: record"),
        ("amount: 17-8", "amount: columns like"),
        ("amount: none", "amount: needed"),
        ("color: blue", "color: unknown"),
        ("width: wide", "width: a number"),
        ("date_order: DDMMYY", "date_order: one of"),
    ],
)
def test_a_wrong_layout_says_where(line: str, words: str) -> None:
    with pytest.raises(WrongLayout, match=words):
        layouts_of(f"layouts:\n  bank:\n    {line}\n")


def test_the_public_samples_load_with_check_details(reference: Callable[[str], bytes]) -> None:
    (check,) = parse(reference("lockbox/test_lockbox.bai")).records
    assert (check.routing, check.bank_account, check.written_on) == ("055002707", "0012345555", dt.date(2016, 5, 16))
    assert (check.account_number, check.amount_cents, check.payer) == ("CE554", 700_000, "BOB E SMITH")
    assert parse(reference("lockbox/test_empty_lockbox.bai")).records == []
