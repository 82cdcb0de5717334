"""camt.054: the samples load; a batch whose stated figures differ from its payments is a question to the bank."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from meterbook.formats import camt054
from meterbook.formats.camt054 import parse
from meterbook.formats.contract import WrongFormat
from meterbook.formats.judge import judge

ROOT = Path(__file__).parents[3]
GOOD = (ROOT / "src/meterbook/formats/camt054/samples/good-two-entries.xml").read_bytes()
SAMPLES = {"v2.with-account-name": 0, "v2": 3, "v4": 3, "v8-with-UETR": 0, "v8-with-financial-institution": 0, "v8": 3}


@pytest.mark.parametrize("name", SAMPLES)
def test_the_published_samples_load(name: str, reference: Callable[[str], bytes]) -> None:
    data = reference(f"camt/camt054.{name}.xml")
    parsed = parse(data)
    (line,) = parsed.statements[0].lines
    assert (line.amount_cents, parsed.statements[0].currency, len(line.details)) == (
        -20_000_000, "SEK", SAMPLES[name],
    )  # fmt: skip
    assert judge(camt054.FORMAT, data).valid


def test_a_batch_that_counts_two_and_lists_three_is_named(reference: Callable[[str], bytes]) -> None:
    reason = judge(camt054.FORMAT, reference("camt/camt054.v8.xml")).reason
    assert "batch UXC06170000006PI00001: payments 3, the file states 2" in reason
    assert "total 9.50, the file states 6.30" in reason


def test_our_own_sample_is_valid_by_the_schema() -> None:
    schema = ROOT.parent / "shared" / "data" / "camt" / "xsd" / "camt.054.001.08.xsd"
    if not schema.is_file():
        pytest.skip("reference data absent: ../shared/data/camt/xsd")
    assert etree.XMLSchema(etree.parse(str(schema))).validate(etree.fromstring(GOOD))


def test_a_statement_is_no_notification() -> None:
    with pytest.raises(WrongFormat, match="another message or version"):
        parse(GOOD.replace(b"camt.054", b"camt.053"))
