"""camt.053: the published schemas and our rules say the same, the samples load, amounts are whole cents."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from meterbook.formats import camt053
from meterbook.formats.camt053 import parse
from meterbook.formats.contract import WrongFormat
from meterbook.formats.judge import judge
from meterbook.formats.statements import Balance

ROOT = Path(__file__).parents[3]
DATA = ROOT.parent / "shared" / "data" / "camt"
GOOD = (ROOT / "src/meterbook/formats/camt053/samples/good-one-day.xml").read_bytes()

#: Statements, lines, net cents of the booked lines.
SAMPLES = {
    "camt053.v2.all-balance-types": (1, 1, 885), "camt053.v2.five.decimals": (1, 1, 885),
    "camt053.v2.minimal.ultimate": (1, 1, 885), "camt053.v2.minimal": (1, 1, 885),
    "camt053.v2.multi.statement": (2, 2, 185), "camt053.v2.with-account-name": (1, 1, 885),
    "camt053.v2.with-party-ids": (1, 1, 885), "camt053.v3": (1, 1, 885), "camt053.v4": (1, 1, 885),
    "camt053.v8": (1, 1, 885), "camt53.only-Dt-with-DtTm": (1, 0, 0),
}  # fmt: skip


@pytest.mark.parametrize("name", SAMPLES)
def test_the_published_samples_load(name: str, reference: Callable[[str], bytes]) -> None:
    data = reference(f"camt/{name}.xml")
    parsed = parse(data)
    assert (len(parsed.statements), len(parsed), parsed.credits_cents - parsed.debits_cents) == SAMPLES[name]
    assert judge(camt053.FORMAT, data).valid


def test_the_sample_meant_to_fail_names_what_is_missing(reference: Callable[[str], bytes]) -> None:
    with pytest.raises(WrongFormat, match="an element is missing") as refusal:
        parse(reference("camt/camt053.v2.wrong.xml"))
    assert (refusal.value.line, refusal.value.field, refusal.value.expected) == (3, "BkToCstmrStmt", "Stmt")


def test_balances_and_five_decimals_of_a_sample(reference: Callable[[str], bytes]) -> None:
    (statement,) = parse(reference("camt/camt053.v2.five.decimals.xml")).statements
    assert statement.opening == Balance(1815, dt.date(2014, 12, 30))
    assert statement.tie is not None and (statement.tie.stated, statement.tie.counted) == (2705, 2700)
    first, second = parse(reference("camt/camt053.v2.multi.statement.xml")).statements
    assert first.tie is not None and first.tie.agrees and second.tie is not None and second.tie.agrees
    assert (second.lines[0].amount_cents, second.closing) == (-700, Balance(2000, dt.date(2014, 12, 31)))


def test_a_balance_in_another_currency_is_not_compared(reference: Callable[[str], bytes]) -> None:
    data = reference("camt/camt053.v8.xml")
    (statement,) = parse(data).statements
    assert (statement.closing, statement.tie, statement.currency) == (None, None, "EUR")
    assert "not compared: CLBD SEK, OPAV CHF, CLAV JPY" in judge(camt053.FORMAT, data).reason
    line = statement.lines[0]
    assert (line.booked_on, line.reference, line.counterparty) == (
        dt.date(2014, 12, 31), "4654654654654654", "NAME NAME",
    )  # fmt: skip


@pytest.fixture(scope="module")
def schemas() -> dict[str, Any]:
    if not (DATA / "xsd").is_dir():
        pytest.skip("reference data absent: ../shared/data/camt/xsd")
    return {each.stem: etree.XMLSchema(etree.parse(str(each))) for each in (DATA / "xsd").glob("camt.053*.xsd")}


def valid_here(data: bytes) -> bool:
    try:
        parse(data)
    except WrongFormat:
        return False
    return True


def test_our_own_sample_is_valid_by_the_schema(schemas: dict[str, Any]) -> None:
    assert schemas["camt.053.001.08"].validate(etree.fromstring(GOOD))


LEVELS = ("BkToCstmrStmt", "GrpHdr", "Stmt", "Acct", "Bal", "Ntry", "TxsSummry")


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_child_dropped_doubled_moved_or_strange_is_judged_as_the_schema_does(
    data: st.DataObject, schemas: dict[str, Any]
) -> None:
    """On the levels that are read, for every version: whatever the schema refuses, our rules refuse."""
    version = data.draw(st.sampled_from(["v2.minimal", "v3", "v4", "v8"]))
    name = "camt.053.001." + {"v2.minimal": "02", "v3": "03", "v4": "04", "v8": "08"}[version]
    root = etree.parse(str(DATA / f"camt053.{version}.xml")).getroot()
    levels = [each for each in root.iter() if etree.QName(each).localname in LEVELS]
    level = data.draw(st.sampled_from(levels))
    child = data.draw(st.sampled_from(list(level)))
    match data.draw(st.sampled_from(["drop", "double", "move", "strange"])):
        case "drop":
            level.remove(child)
        case "double":
            child.addnext(copy.deepcopy(child))
        case "move":
            level.remove(child)
            level.append(child)
        case "strange":
            child.tag = child.tag + "X"
    if not schemas[name].validate(root):
        assert not valid_here(etree.tostring(root))


def edited(old: str, new: str) -> bytes:
    assert old.encode() in GOOD
    return GOOD.replace(old.encode(), new.encode(), 1)


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        (">19345.00</Amt>", ">19345.005</Amt>", "Amt"),
        (">19345.00</Amt>", ">-19345.00</Amt>", "Amt"),
        (">19345.00</Amt>", ">1e9</Amt>", "Amt"),
        ('Ccy="USD">19345.00', 'Ccy="US">19345.00', "Amt Ccy"),
        ("<Cd>BOOK</Cd>", "<Cd>BOKD</Cd>", "Sts"),
        ("<CdtDbtInd>CRDT", "<CdtDbtInd>CREDIT", "CdtDbtInd"),
        ("<BookgDt><Dt>2026-06-03", "<BookgDt><Dt>2026-13-03", "BookgDt"),
        ("<Sum>19345.00", "<Sum>19345.01", "account 0012345555, sum of credits"),
        ("<TtlNtries><NbOfNtries>2", "<TtlNtries><NbOfNtries>3", "account 0012345555, entries"),
        ("camt.053.001.08", "camt.053.001.09", "namespace"),
        ("<Document", "<!DOCTYPE Document [<!ENTITY a 'b'>]><Document", "DOCTYPE"),
        ("</Document>", "", "XML"),
    ],
)
def test_what_cannot_be_trusted_is_refused_by_its_field(old: str, new: str, field: str) -> None:
    with pytest.raises(WrongFormat) as refusal:
        parse(edited(old, new))
    assert refusal.value.field == field


def test_what_is_not_booked_does_not_count() -> None:
    (statement,) = parse(edited("<Cd>BOOK</Cd>", "<Cd>PDNG</Cd>")).statements
    assert (statement.lines[0].status, statement.booked_cents) == ("pending", -4250)


def test_a_copy_is_never_booked_twice() -> None:
    text = GOOD.decode().replace("      <Acct>", "      <CpyDplctInd>DUPL</CpyDplctInd>\n      <Acct>", 1)
    assert parse(text.encode()).statements[0].purpose == "copy"
