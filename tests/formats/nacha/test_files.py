"""Files out and back: what is written is read, what is touched is refused by the rule it breaks."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats.nacha.invented import ANA, BALANCED, BEN, CHIDI, CITY, DAY, DEE, DRAFTS, MADE_AT, file_of

from meterbook.formats.contract import WrongFormat
from meterbook.formats.judge import judge
from meterbook.formats.nacha import (
    FORMAT,
    AchFile,
    Addenda,
    CompanySettings,
    Correction,
    Draft,
    RefusedToWrite,
    answer_batch,
    answer_file,
    change_asked,
    examine,
    make_batches,
    make_file,
    parse,
    returned,
    reversal_of,
    write,
)
from meterbook.formats.nacha.build import plain
from meterbook.formats.nacha.codes import direction_of


def bare(file: AchFile) -> AchFile:
    """Without the line numbers of a file that was read."""
    return dataclasses.replace(
        file,
        batches=tuple(
            dataclasses.replace(
                batch, line=0,
                entries=tuple(
                    dataclasses.replace(
                        each, line=0,
                        addenda=tuple(dataclasses.replace(one, line=0) for one in each.addenda),
                        returned=each.returned and dataclasses.replace(each.returned, line=0),
                        change=each.change and dataclasses.replace(each.change, line=0),
                    )
                    for each in batch.entries
                ),
            )
            for batch in file.batches
        ),
    )  # fmt: skip


@given(
    st.lists(DRAFTS, min_size=1, max_size=9),
    st.sampled_from([CITY, BALANCED]),
    st.sampled_from(["PPD", "CCD", "WEB", "CTX"]),
    st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_what_is_written_is_read_back(drafts: list[Draft], city: CompanySettings, sec: str, together: bool) -> None:
    file = file_of(*drafts, city=city, sec=sec, together=together)
    data = write(file)
    assert {len(line) for line in data.decode().splitlines()} == {94}
    assert len(data.splitlines()) % 10 == 0
    assert bare(parse(data)) == file
    assert parse(data).debit_cents - parse(data).credit_cents == (0 if city is BALANCED else _net(drafts))
    assert judge(FORMAT, data).valid


def _net(drafts: list[Draft]) -> int:
    return sum(each.amount_cents if each.direction == "debit" else -each.amount_cents for each in drafts)


@given(st.lists(DRAFTS, min_size=1, max_size=4), st.data())
@settings(max_examples=60, deadline=None)
def test_one_digit_changed_anywhere_that_counts_is_found(drafts: list[Draft], data: st.DataObject) -> None:
    """Any digit of amount, bank number, check digit, count, hash or total, in any record."""
    lines = write(file_of(*drafts)).decode().splitlines()
    counted = {"6": (3, 12, 29, 39), "8": (4, 10, 10, 20, 20, 32, 32, 44), "9": (1, 7, 7, 13, 13, 21, 21, 31, 31, 55)}
    at = data.draw(st.sampled_from([n for n, line in enumerate(lines) if line[0] in counted and line.strip("9")]))
    spans = counted[lines[at][0]]
    columns = [c for first, last in zip(spans[::2], spans[1::2], strict=True) for c in range(first, last)]
    column = data.draw(st.sampled_from(columns))
    other = data.draw(st.sampled_from([d for d in "0123456789" if d != lines[at][column]]))
    lines[at] = lines[at][:column] + other + lines[at][column + 1 :]
    assert examine("\n".join(lines).encode())


@pytest.mark.parametrize(
    ("old", "new", "rule", "line"),
    [
        ("\n637231380104", "\n637231380105", "check-digit", 4),
        ("822500000200322380110000000168", "822500000200322380120000000168", "entry-hash", 5),
        ("822500000200322380110000000168", "822500000200322380110000000169", "debit-total", 5),
        ("822500000200322380110000000168", "822500000300322380110000000168", "entry-count", 5),
        ("\n82250000", "\n82000000", "service-class", 5),
        ("9000001000001000000020032238011", "9000002000001000000020032238011", "batch-count", 6),
        ("9000001000001000000020032238011", "9000001000002000000020032238011", "block-count", 6),
        ("9000001000001000000020032238011", "9000001000001000000020032238012", "entry-hash", 6),
        ("0000004510", "00000045 0", "digits", 3),
        ("\n627", "\n629", "amount", 3),
        ("\n627", "\n622", "service-class", 3),
        ("\n627", "\n625", "transaction-code", 3),
        ("R 0121042880000001", "R 1121042880000001", "addenda-indicator", 3),
        ("0121042880000001", "0121042880000003", "trace-order", 4),
        ("0121042880000001", "0221042880000001", "trace-bank", 3),
        ("PPDUTIL", "PPQUTIL", "entry-class", 2),
        ("CITY ALDER BEND ", "                ", "mandatory", 2),
        ("101 121042882", "101 121042883", "destination", 1),
        ("2606121405A", "2613121405A", "file-date", 1),
        ("1946000123                         121042880000001", "1946000124" + " " * 25 + "121042880000001",
         "same-company", 5),
    ],
)  # fmt: skip
def test_what_is_touched_is_named_by_its_rule(old: str, new: str, rule: str, line: int) -> None:
    text = write(file_of(ANA, BEN)).decode()
    assert old in text
    data = text.replace(old, new, 1).encode()
    assert (rule, line) in {(each.rule, each.line) for each in examine(data)}
    verdict = judge(FORMAT, data)
    assert not verdict.valid and f"line {line}" in verdict.reason


def test_a_file_without_one_of_its_records_is_refused() -> None:
    lines = write(file_of(ANA, BEN, CHIDI, together=False)).splitlines(keepends=True)
    records = [at for at, line in enumerate(lines) if line.strip(b"9\n")]
    for gone in records:
        with pytest.raises(WrongFormat):
            parse(b"".join(lines[:gone] + lines[gone + 1 :]))


def test_a_file_cut_off_after_any_record_is_refused() -> None:
    lines = write(file_of(ANA, BEN)).splitlines(keepends=True)
    for kept in range(5):
        with pytest.raises(WrongFormat):
            parse(b"".join(lines[:kept]))
    assert len(parse(b"".join(lines[:6]))) == 2  # only the padding is missing


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r", ""])
def test_line_ends_and_trailing_blanks_do_not_matter(ends: str) -> None:
    lines = write(file_of(ANA, BEN)).decode().splitlines()
    file = parse(ends.join(lines).encode())
    assert [entry.amount_cents for _, entry in file] == [4_510, 12_345]
    if ends:
        assert parse(ends.join(each.rstrip() for each in lines).encode()).findings == ()


def test_debits_refunds_and_prenotes_in_one_batch_or_several() -> None:
    together = file_of(ANA, CHIDI, DEE)
    assert [(batch.service_class, len(batch.entries)) for batch in together.batches] == [(200, 3)]
    apart = file_of(ANA, CHIDI, DEE, together=False)
    assert [(batch.service_class, batch.number) for batch in apart.batches] == [(225, 1), (220, 2)]
    assert [entry.transaction_code for _, entry in apart] == [27, 28, 22]
    assert [entry.trace[-7:] for _, entry in apart] == ["0000001", "0000002", "0000003"]
    assert judge(FORMAT, write(apart)).valid


def test_a_balanced_batch_nets_to_nothing_and_prenotes_need_no_offset() -> None:
    file = file_of(ANA, BEN, CHIDI, city=BALANCED)
    assert (file.debit_cents, file.credit_cents) == (19_055, 19_055)
    assert [(entry.name, entry.transaction_code, entry.amount_cents) for _, entry in file][3:] == [
        ("OFFSET", 22, 16_855),
        ("OFFSET", 27, 2_200),
    ]
    assert len(file_of(DEE, city=BALANCED)) == 1
    assert judge(FORMAT, write(file)).valid


def test_a_reversal_takes_the_same_amounts_back_under_its_own_name() -> None:
    (batch,) = file_of(ANA, BEN).batches
    back = reversal_of(
        batch, batch.entries, effective_on=dt.date(2026, 6, 17), first_sequence=90, memo="DUPLICATE FILE"
    )
    assert (back.description, back.sec, back.company_id, back.service_class) == ("REVERSAL", "PPD", "1946000123", 220)
    assert [(each.transaction_code, each.amount_cents) for each in back.entries] == [(22, 4_510), (32, 12_345)]
    data = write(make_file(CITY, [back], created_at=MADE_AT, id_modifier="B"))
    assert parse(data).credit_cents == batch.debit_cents
    assert next(iter(parse(data)))[1].addenda[0].text == "DUPLICATE FILE"
    with pytest.raises(ValueError, match="28 moved no money"):
        reversal_of(batch, file_of(DEE).batches[0].entries, effective_on=DAY, first_sequence=1)


def test_a_telephone_payment_can_be_reversed_but_not_credited() -> None:
    (batch,) = file_of(ANA, sec="TEL").batches
    back = reversal_of(batch, batch.entries, effective_on=DAY, first_sequence=5)
    write(make_file(CITY, [back], created_at=MADE_AT))
    with pytest.raises(RefusedToWrite, match="class TEL has no credits"):
        write(file_of(CHIDI, sec="TEL"))


@pytest.mark.parametrize(
    ("draft", "sec", "says"),
    [
        (dataclasses.replace(ANA, routing="091000018"), "PPD", "check-digit"),
        (dataclasses.replace(ANA, routing="09100001"), "PPD", "check-digit"),
        (dataclasses.replace(ANA, payment_type=""), "WEB", "payment type"),
        (dataclasses.replace(ANA, name="  "), "PPD", "name"),
        (dataclasses.replace(ANA, account=" "), "PPD", "account"),
        (dataclasses.replace(ANA, account="56\u00e9"), "PPD", "characters"),
        (dataclasses.replace(ANA, memo="x" * 5), "TEL", "addenda-type"),
        (dataclasses.replace(ANA, reference="9" * 16), "PPD", "does not fit 15 columns"),
        (dataclasses.replace(ANA, amount_cents=10**10), "PPD", "does not fit 10 columns"),
    ],
)
def test_what_a_bank_would_refuse_is_not_written(draft: Draft, sec: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        write(file_of(draft, sec=sec))


def test_drafts_that_contradict_themselves_are_refused() -> None:
    for wrong in (dataclasses.replace(DEE, amount_cents=1), dataclasses.replace(ANA, amount_cents=0)):
        with pytest.raises(ValueError, match="prenote"):
            file_of(wrong)
    with pytest.raises(ValueError, match="at least one"):
        file_of()


def test_one_trace_number_is_used_once_in_a_file() -> None:
    twice = make_file(CITY, [*file_of(ANA).batches, *file_of(BEN).batches], created_at=MADE_AT)
    with pytest.raises(RefusedToWrite, match="used once"):
        write(twice)


def test_a_corporate_payment_carries_its_remittance_in_several_addenda() -> None:
    memo = " ".join(f"INVOICE {number}" for number in range(30))
    data = write(file_of(dataclasses.replace(ANA, memo=memo), sec="CTX"))
    ((_, entry),) = parse(data)
    assert len(entry.addenda) > 2
    assert {each.type_code for each in entry.addenda} == {"05"}
    assert [each.sequence for each in entry.addenda] == list(range(1, len(entry.addenda) + 1))


def test_accents_and_length_are_made_to_fit_names_but_never_numbers() -> None:
    ((_, entry),) = file_of(dataclasses.replace(ANA, name="José Ñandú de la Fuente y Montaña"))
    assert entry.name == "Jose Nandu de la Fuent"
    assert plain("東京", 5) == "??"


def test_what_comes_back_names_what_went_out() -> None:
    """Ana's draft returns for funds, Ben's bank wants his account changed."""
    sent = file_of(ANA, BEN)
    (batch,) = sent.batches
    ana, ben = batch.entries
    answers = [
        answer_batch(batch, [returned(ana, "R01", bank="091000019", sequence=1)], bank="091000019", number=1,
                     effective_on=DAY),
        answer_batch(
            batch,
            [change_asked(ben, "C07", Correction(routing="121042882", account="88001", transaction_code=27),
                          bank="231380104", sequence=2)],
            bank="231380104", number=2, effective_on=DAY,
        ),
    ]  # fmt: skip
    file = parse(write(answer_file(CITY, answers, created_at=MADE_AT)))
    ((_, back),) = file.returns
    assert back.returned is not None
    assert (back.returned.code, back.returned.original_trace, back.amount_cents) == ("R01", ana.trace, 4_510)
    assert (back.transaction_code, back.identification) == (26, "100245")
    ((answering, asked),) = file.changes
    assert asked.change is not None and asked.change.correction is not None
    assert (answering.sec, asked.amount_cents, asked.change.original_trace) == ("COR", 0, ben.trace)
    assert asked.change.correction == Correction(routing="121042882", account="88001", transaction_code=27)
    assert asked.change.correction.account_type == "checking"


def test_a_returned_prenote_has_no_amount_and_is_fine() -> None:
    (batch,) = file_of(DEE).batches
    back = returned(batch.entries[0], "R03", bank="091000019", sequence=1)
    answer = answer_batch(batch, [back], bank="091000019", number=1, effective_on=DAY)
    assert len(parse(write(answer_file(CITY, [answer], created_at=MADE_AT))).returns) == 1


def test_returns_are_not_mixed_with_new_entries() -> None:
    (batch,) = file_of(ANA, BEN).batches
    back = returned(batch.entries[0], "R01", bank="121042882", sequence=1)
    mixed = dataclasses.replace(batch, entries=(back, batch.entries[1]))
    with pytest.raises(RefusedToWrite, match="batch-entries"):
        write(make_file(CITY, [mixed], created_at=MADE_AT))


@given(st.sampled_from([22, 27, 32, 37]), st.binary(max_size=300))
def test_noise_is_refused_and_never_fails(code: int, noise: bytes) -> None:
    assert direction_of(code) in ("debit", "credit")
    if noise.strip():
        whole = write(file_of(ANA))
        try:
            parse(whole[: code * 9] + noise + whole[code * 9 :])
        except WrongFormat as refusal:
            assert refusal.expected


def test_addenda_of_another_entry_are_found() -> None:
    text = write(file_of(dataclasses.replace(ANA, memo="THANK YOU"))).decode()
    moved = text.replace("00010000001", "00010000002", 1).encode()
    assert "addenda-sequence" in {each.rule for each in examine(moved)}
    assert next(iter(parse(text.encode())))[1].addenda == (Addenda("THANK YOU", "05", 1, 4),)


def test_batches_of_several_classes_share_one_run_of_trace_numbers() -> None:
    first = make_batches(CITY, [ANA, BEN], sec="PPD", description="UTIL BILL", effective_on=DAY)
    second = make_batches(
        CITY, [dataclasses.replace(ANA, reference="7")], sec="WEB", description="UTIL BILL", effective_on=DAY,
        first_sequence=3,
    )  # fmt: skip
    file = parse(write(make_file(CITY, [*first, *second], created_at=MADE_AT)))
    assert [(batch.sec, entry.trace) for batch, entry in file] == [
        ("PPD", "121042880000001"),
        ("PPD", "121042880000002"),
        ("WEB", "121042880000003"),
    ]
