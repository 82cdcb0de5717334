"""Seventy files this project did not write, and what a widely used validator says of each."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest

from meterbook.formats.contract import WrongFormat
from meterbook.formats.judge import judge
from meterbook.formats.nacha import FORMAT, Finding, examine, parse

Read = Callable[[str], bytes]

# What each refused file breaks: enough that agreeing by accident would show.
BROKEN = {
    "issues_testdata_issue1378_no_header.txt": "file-header",
    "issues_testdata_issue1600_1e5RecordBefore1or8.txt": "file-header",
    "issues_testdata_issue1600_2lCompanyNameAllZeros.txt": "mandatory",
    "issues_testdata_issue1600_2mCompanyEntryDescAllZeros.txt": "mandatory",
    "testdata_20110805A.ach": "batch-count",
    "testdata_FISERV-ZEROFILE-PIMRET825324_032720_110221.ach": "destination",
    "testdata_adv-invalidBatchEntries.ach": "batch-entries",
    "testdata_adv-invalidFileControl.ach": "entry-count",
    "testdata_adv-noFileControl.ach": "file-control",
    "testdata_bh-ed-ad-bh-ed-ad-ed-ad.ach": "file-header",
    "testdata_crashers_0.ach": "originator-status",
    "testdata_crashers_1.ach": "originator-status",
    "testdata_flattenADVBatchesMultipleBatchHeaders.ach": "credit-total",
    "testdata_iat-invalidAddenda10.ach": "destination",
    "testdata_iat-invalidAddenda11.ach": "characters",
    "testdata_iat-invalidAddenda14.ach": "characters",
    "testdata_iat-invalidAddenda15.ach": "characters",
    "testdata_iat-invalidAddenda16.ach": "characters",
    "testdata_iat-invalidAddenda98.ach": "change-code",
    "testdata_iat-invalidAddendaRecordIndicator.ach": "addenda-indicator",
    "testdata_iat-invalidBatchControl.ach": "destination",
    "testdata_moov-ids.ach": "trace-bank",
    "testdata_nonascii-utf8.ach": "entry-count",
    "testdata_nonascii.ach": "entry-count",
    "testdata_pos-invalidEntryDetail.ach": "characters",
    "testdata_pos-invalidReturnFile.ach": "return-code",
    "testdata_ppd-debit-customTraceNumber.ach": "trace-bank",
    "testdata_return-no-batch-header.ach": "record-order",
    "testdata_return-no-file-header-control.ach": "file-header",
    "testdata_web-invalidNOCFile.ach": "change-code",
}


@pytest.fixture
def verdicts(reference: Read) -> list[dict[str, str]]:
    text = reference("ach/verdicts.tsv").decode()
    return list(csv.DictReader(io.StringIO(text), delimiter="\t"))


def test_every_verdict_is_the_same(verdicts: list[dict[str, str]], reference: Read) -> None:
    other = {}
    for row in verdicts:
        found = judge(FORMAT, reference(f"ach/files/{row['file']}"))
        if found.valid != (row["verdict"] == "VALID"):
            other[row["file"]] = (row["verdict"], found.reason)
    assert len(verdicts) == 70
    assert other == {}


def test_every_refusal_names_the_rule_that_is_broken(verdicts: list[dict[str, str]], reference: Read) -> None:
    assert {row["file"] for row in verdicts if row["verdict"] == "INVALID"} == set(BROKEN)
    for name, rule in BROKEN.items():
        found = examine(reference(f"ach/files/{name}"))
        assert rule in {each.rule for each in found}, (name, [str(each) for each in found])


def test_totals_are_those_of_the_validator(verdicts: list[dict[str, str]], reference: Read) -> None:
    """Counts it leaves out of its summary (advices, international batches) are left out here too."""
    compared = 0
    for row in verdicts:
        if row["verdict"] != "VALID":
            continue
        file = parse(reference(f"ach/files/{row['file']}"))
        if any(batch.sec in ("ADV", "IAT") or batch.company_name == "IATCOR" for batch in file.batches):
            continue
        told = dict(each.split("=") for each in row["counts"].split())
        assert {
            "batches": len(file.batches), "entries": len(file), "debit": file.debit_cents,
            "credit": file.credit_cents, "ret": len(file.returns), "noc": len(file.changes),
        } == {name: int(value) for name, value in told.items()}, row["file"]  # fmt: skip
        compared += 1
    assert compared >= 30


def test_a_bank_file_without_entries_loads_as_nothing(reference: Read) -> None:
    file = parse(reference("ach/files/testdata_FISERV-ZEROFILE-PIMRET825324_032720_110221.ach"))
    assert (file.batches, len(file)) == ((), 0)
    assert {each.rule for each in file.findings} == {"destination", "id-modifier", "no-entries"}
    assert file.findings[0] == Finding("destination", 1, "destination", " 100067554", "100067558, by its check digit")


def test_a_notification_of_change_names_the_entry_and_the_new_account(reference: Read) -> None:
    ((_, entry),) = parse(reference("ach/files/testdata_cor-example.ach")).changes
    assert entry.change is not None and entry.change.correction is not None
    assert (entry.change.code, entry.change.original_trace) == ("C01", "121042880000001")
    assert entry.change.correction.account == "1918171614"
    assert entry.change.correction.routing is None


def test_a_cut_off_file_of_returns_is_refused_not_read_in_part(reference: Read) -> None:
    with pytest.raises(WrongFormat, match="file-header"):
        parse(reference("ach/files/testdata_return-no-file-header-control.ach"))
