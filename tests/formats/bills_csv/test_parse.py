"""Bills line by line: what is written is read back, and a file that does not add up is refused whole."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meterbook.formats.bills_csv import BillLine, parse, write
from meterbook.formats.contract import WrongFormat

LINE = BillLine(
    0, "10001", "A-1", dt.date(2026, 10, 5), "water", "", dt.date(2026, 9, 1), dt.date(2026, 10, 1), Decimal("12.5"),
    "W20", "Water, tier 1", Decimal("12.5"), Decimal("2.1045"), 2631,
)  # fmt: skip


@given(
    st.lists(
        st.builds(
            lambda cents, label, usage: replace(LINE, amount_cents=cents, label=" ".join(label.split()), usage=usage),
            st.integers(-(10**9), 10**9),
            st.text(st.characters(min_codepoint=32, max_codepoint=0x24F, exclude_characters="\x7f"), max_size=20),
            st.none() | st.decimals(0, 10**6, places=3),
        ),
        max_size=8,
    )
)
def test_written_is_read_back(lines: list[BillLine]) -> None:
    parsed = parse(write(lines))
    assert parsed.problems == []
    assert [replace(line, line=0) for line in parsed.lines] == [
        replace(line, label=line.label.strip()) for line in lines
    ]
    assert parsed.total_cents == sum(line.amount_cents for line in lines)


def test_a_trailer_that_does_not_add_up_is_refused() -> None:
    data = write([LINE]).replace(b"#END,1,26.31", b"#END,1,26.32")
    with pytest.raises(WrongFormat, match=r"line 3, trailer.*expected #END,1,26.31"):
        parse(data)


def test_every_wrong_cell_is_named() -> None:
    data = write([LINE]).replace(b"2026-09-01,2026-10-01", b"2026-10-01,2026-09-31")
    assert [(p.line, p.field, p.found) for p in parse(data).problems] == [(2, "to", "2026-09-31")]
