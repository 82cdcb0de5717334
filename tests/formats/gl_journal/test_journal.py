"""The month's journal: whatever the profile, what is written is read back, and the same lines make the same bytes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from meterbook.formats.contract import WrongFormat
from meterbook.formats.gl_journal import JournalLine, WrongProfile, parse_profile, reader, write_journal

POLICY = Path(__file__).parents[3] / "policies" / "alder-bend" / "gl-journal.yaml"
DAY = date(2026, 7, 31)
BASE = yaml.safe_load(POLICY.read_text(encoding="utf-8"))["file"]
WAYS = (
    ["debit", "credit"],
    ["amount"],
    ["absolute", "side"],
)


def profile(**changes: object) -> object:
    return parse_profile({**BASE, **changes})


amounts = st.lists(st.integers(-(10**9), 10**9).filter(bool), min_size=1, max_size=8)


@given(amounts, st.sampled_from(WAYS), st.sampled_from(["comma", "semicolon", "tab", "pipe"]), st.booleans(),
       st.sampled_from(["YYYY-MM-DD", "MM/DD/YYYY", "YYYYMMDD", "MMDDYY"]))  # fmt: skip
def test_what_is_written_is_read_back(
    cents: list[int], way: list[str], delimiter: str, header: bool, days: str
) -> None:
    columns = [{"heading": name.title(), "value": name} for name in ("fund", "account", "date", "description", *way)]
    mine = parse_profile({**BASE, "columns": columns, "delimiter": delimiter, "header": header, "date_format": days})
    lines = [JournalLine("water", f"W-{at}", each, 'Sales, "net"', DAY) for at, each in enumerate(cents)]
    lines.append(JournalLine("water", "W-99", -sum(cents), "Receivable", DAY))
    kept = [line for line in lines if line.cents]
    content = write_journal(kept, period="2026-07", on=DAY, profile=mine)
    assert reader(mine)(content) == kept
    assert write_journal(kept, period="2026-07", on=DAY, profile=mine) == content


def test_the_citys_own_file() -> None:
    lines = [JournalLine("water", "520-0000-11510", 900, "Receivable"), JournalLine("water", "520", -900, "Sales")]
    text = write_journal(lines, period="2026-07", on=DAY, profile=profile()).decode()  # type: ignore[arg-type]
    assert text == (
        "Batch,Line,Effective Date,Journal Type,Fund,Account,Debit,Credit,Description\r\n"
        "UB202607,1,07/31/2026,GEN,water,520-0000-11510,9.00,,Receivable\r\n"
        "UB202607,2,07/31/2026,GEN,water,520,,9.00,Sales\r\n"
    )


@pytest.mark.parametrize(
    ("data", "field"),
    [
        (b"Batch\r\n", "heading"),
        (b"batch,line,date,fund,account,debit,credit,description\nb,1,2026-07-32,w,a,1.00,,\n", "date"),
        (b"batch,line,date,fund,account,debit,credit,description\nb,1,2026-07-31,w,a,1,,\n", "debit"),
        (b"batch,line,date,fund,account,debit,credit,description\nb,1,2026-07-31,w,a,1.00,1.00,\n", "debit"),
        (b"batch,line,date,fund,account,debit,credit,description\nb,1,2026-07-31,w,,1.00,,\n", "account"),
        (b"batch,line,date,fund,account,debit,credit,description\n", "row"),
        (b"batch,line,date,fund,account,debit,credit,description\nb,1,2026-07-31,w,a,1.00,,\n", "amount"),
    ],
)
def test_a_wrong_file_is_refused_with_the_reason(data: bytes, field: str) -> None:
    from meterbook.formats.gl_journal import DEFAULT

    with pytest.raises(WrongFormat) as refusal:
        reader(DEFAULT)(data)
    assert refusal.value.field == field


@pytest.mark.parametrize(
    "changes",
    [{"delimiter": "dot"}, {"batch": "{day}"}, {"columns": []}, {"columns": [{"heading": "A", "value": "amount"}]},
     {"columns": [{"heading": "A", "value": "fixed"}]}, {"header": "yes"}],
)  # fmt: skip
def test_a_wrong_profile_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(WrongProfile):
        profile(**changes)
