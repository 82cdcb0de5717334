"""Into a tariff document and back: nothing lost, the same again, and what was changed in between is changed."""

from __future__ import annotations

import json
import random
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.formats.urdb.invented import rate, with_blocks

from meterbook.engine.rates.check import bills_frame, disagreements
from meterbook.engine.rates.price import price
from meterbook.engine.rates.tariff import parse_tariff
from meterbook.formats import urdb
from meterbook.formats.contract import WrongFormat
from meterbook.formats.urdb import Conventions, exported, imported, parse, parse_one, tariff_text, write
from meterbook.formats.urdb.reading import read_record

D = Decimal
SAMPLES = Path(urdb.__path__[0]) / "samples"
RECORDS = Path(__file__).resolve().parents[4] / "shared" / "data" / "urdb"
GOOD = sorted(SAMPLES.glob("good-*.json"))


@pytest.mark.parametrize("file", GOOD, ids=lambda file: file.stem)
def test_everything_comes_back_and_stays_the_same(file: Path) -> None:
    (record,) = parse(file.read_bytes())
    text = imported(record)
    parse_tariff(text, file=file.name)
    back = exported(text)
    assert back == dict(record.raw)
    assert imported(read_record(back)) == text
    assert parse_one(write([back])).raw == record.raw


@pytest.mark.parametrize("seed", range(12))
def test_invented_records_come_back_too(seed: int) -> None:
    record = parse_one(json.dumps(rate(seed)).encode())
    text = imported(record)
    assert exported(text) == dict(record.raw)
    assert imported(read_record(exported(text))) == text


def test_blocks_of_hours_use_are_kept_in_the_records_own_words_and_not_said_otherwise() -> None:
    record = parse_one(json.dumps(with_blocks(3)).encode())
    text = imported(record)
    parse_tariff(text, file="blocks")
    assert exported(text) == dict(record.raw) and imported(read_record(exported(text))) == text
    with pytest.raises(WrongFormat, match="hours' use that a record would say otherwise"):
        exported(text.replace("100 * kw", "110 * kw"))


@pytest.mark.skipif(not RECORDS.is_dir(), reason="../shared/data/urdb is not here")
def test_public_records_come_back_whole() -> None:
    refused = []
    for file in sorted(RECORDS.glob("*.json")):
        record = parse_one(file.read_bytes())
        try:
            text = imported(record)
        except WrongFormat as error:
            refused.append(str(error))
            continue
        assert exported(text) == dict(record.raw), file.name
        assert imported(read_record(exported(text))) == text, file.name
    assert len(refused) == 1 and "energyweekdayschedule: is absent" in refused[0]


@pytest.mark.parametrize("seed", [0, 4, 11, 12, 24])
def test_an_imported_document_prices_alike_on_columns_and_in_decimals(seed: int) -> None:
    of = parse_tariff(imported(parse_one(json.dumps(rate(seed)).encode())), file="record")
    dice = random.Random(seed)
    bills = []
    for month in range(1, 12):
        known = {fact.name: D(dice.randrange(900_000)) / 1000 for fact in of.required_determinants()}
        bills.append((date(2024, month, 1), date(2024, month + 1, 1), known))
    frame = bills_frame(of, bills)
    assert disagreements(of, frame, price(of, frame)) == []


def test_what_was_changed_in_the_document_is_said_anew_and_the_rest_as_it_was() -> None:
    record = parse_one((SAMPLES / "good-tiered-time-of-use.json").read_bytes())
    text = imported(record)
    changed = text.replace("price: 9.5", "price: 10.25").replace("price: 0.11,", "price: 0.12,")
    assert changed.count("10.25") == 1 and changed.count("0.12,") == 1
    back = exported(changed)
    assert back["fixedchargefirstmeter"] == D("10.25")
    assert back["energyratestructure"][0][0] == {"rate": D("0.12"), "adj": D("0.005"), "max": 500, "unit": "kWh"}
    untouched = {key for key in record.raw if key not in ("fixedchargefirstmeter", "energyratestructure")}
    assert {key: back[key] for key in untouched} == {key: record.raw[key] for key in untouched}


def test_demand_by_month_becomes_seasons_and_a_ratchet_its_months() -> None:
    (record,) = parse((SAMPLES / "good-demand-api-answer.json").read_bytes())
    tariff = parse_tariff(imported(record), file="lgs")
    (version,) = tariff.versions
    assert [season.name for season in version.seasons] == ["jan_may", "jun", "jul_sep", "oct_dec"]
    flat = [component for component in version.components if component.id.startswith("demand_flat")]
    assert [component.season for component in flat] == ["jan_may", "jun", "jul_sep", "oct_dec"]
    keywords = {component.id: component.keyword for component in version.components}
    assert (keywords["demand_tou_2"], keywords["reactive"], keywords["minimum"]) == ("demand", "demand", "minimum")
    assert [c.settings.ratchet.lookback.months_back for c in flat] == [11, 11, 11, 11]  # type: ignore[attr-defined]


def test_a_document_of_another_origin_is_not_written() -> None:
    text = tariff_text(parse_one((SAMPLES / "good-tiered-time-of-use.json").read_bytes()), Conventions())
    with pytest.raises(WrongFormat, match=r"origin\.format: not a tariff imported from URDB"):
        exported(text)


def test_a_charge_no_record_has_is_named() -> None:
    text = imported(parse_one((SAMPLES / "good-tiered-time-of-use.json").read_bytes()))
    with pytest.raises(WrongFormat, match="franchise: a charge that a URDB record cannot say; found fixed"):
        exported(text.replace("- id: fixed", "- id: franchise"))
