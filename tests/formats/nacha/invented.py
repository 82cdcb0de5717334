"""A city, its bank, its customers; and drafts for hypothesis."""

from __future__ import annotations

import datetime as dt
import string

from hypothesis import strategies as st

from meterbook.formats.nacha import AchFile, CompanySettings, Draft, Offset, make_batches, make_file
from meterbook.formats.nacha.codes import check_digit

DAY = dt.date(2026, 6, 15)
MADE_AT = dt.datetime(2026, 6, 12, 14, 5)  # noqa: DTZ001
CITY = CompanySettings(
    destination="121042882", destination_name="Bank of Alder", origin="1946000123", origin_name="City of Alder Bend",
    company_name="CITY ALDER BEND", company_id="1946000123", odfi="121042882",
)  # fmt: skip
BALANCED = CompanySettings(
    destination="121042882", destination_name="Bank of Alder", origin="121042882", origin_name="City of Alder Bend",
    company_name="CITY ALDER BEND", company_id="1946000123", odfi="12104288",
    offset=Offset("121042882", "100200300"),
)  # fmt: skip
ANA = Draft("100245", "ANA BROOK", "091000019", "5654221", "checking", "debit", 4_510, payment_type="R")
BEN = Draft("100377", "BEN CASTILLO", "231380104", "700112", "savings", "debit", 12_345, payment_type="R")
CHIDI = Draft("100512", "CHIDI OBI", "091000019", "99817", "checking", "credit", 2_200)
DEE = Draft("100613", "DEE ALVAREZ", "091000019", "11223344", "checking", "debit", 0, prenote=True, payment_type="R")

PLAIN = string.ascii_letters + string.digits + "&.-#/'"
ROUTINGS = st.integers(1, 99_999_999).map(lambda each: f"{each:08}{check_digit(f'{each:08}')}")
WORDS = st.text(PLAIN, min_size=1, max_size=15)
DRAFTS = st.builds(
    Draft,
    reference=WORDS,
    name=st.text(PLAIN + " ñéü", min_size=1, max_size=30).filter(
        lambda each: each.strip() and each.strip() != "OFFSET"
    ),
    routing=ROUTINGS,
    account=st.text(string.ascii_uppercase + string.digits + "-", min_size=1, max_size=17),
    account_type=st.sampled_from(["checking", "savings"]),
    direction=st.sampled_from(["debit", "credit"]),
    amount_cents=st.integers(1, 999_999_999),
    payment_type=st.sampled_from(["R", "S"]),
    memo=st.sampled_from(["", "BILL 2026-06"]),
)


def file_of(*drafts: Draft, city: CompanySettings = CITY, sec: str = "PPD", together: bool = True) -> AchFile:
    """One file of these drafts, on one day."""
    batches = make_batches(
        city, drafts, sec=sec, description="UTIL BILL", effective_on=DAY, together=together,  # type: ignore[arg-type]
    )  # fmt: skip
    return make_file(city, batches, created_at=MADE_AT)
