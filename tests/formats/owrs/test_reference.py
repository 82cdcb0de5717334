"""The whole public grid: real files of several hundred utilities, bills that two other calculators agree on."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from meterbook.cli.rate_pricing.asked import Asked
from meterbook.cli.rate_pricing.owrs import price
from meterbook.engine.rates.check import bills_frame
from meterbook.engine.rates.explain import amounts
from meterbook.engine.rates.price import price as price_columns
from meterbook.engine.rates.tariff import parse_tariff
from meterbook.formats.contract import WrongFormat
from meterbook.formats.owrs import parse
from meterbook.formats.owrs.facts import facts_of
from meterbook.formats.owrs.native import convert, convert_for_pricing, standing_in

DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "owrs"
FILES = DATA / "full_utility_rates"
pytestmark = pytest.mark.skipif(not FILES.is_dir(), reason="../shared/data/owrs is not here")


def grid(step: int) -> list[dict[str, str]]:
    """Every ``step``-th bill of the grid."""
    with gzip.open(DATA / "expected_grid_public.csv.gz", "rt", encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))[::step]


def scenarios(rows: list[dict[str, str]]) -> Iterator[dict[str, str]]:
    """What the grid was computed from: the defaults, unless the row says otherwise."""
    lines = (DATA / "DEFAULT_INPUTS.txt").read_text(encoding="utf-8").splitlines()
    defaults = dict(line.strip().split("=", 1) for line in lines if "=" in line)
    for row in rows:
        own = dict(pair.split("=", 1) for pair in row["non_default_inputs"].split("|") if pair)
        yield {**defaults, **own, **{name: row[name] for name in ("file", "cust_class", "usage", "meter_size")}}


def differing(rows: list[dict[str, str]], tmp_path: Path) -> list[str]:
    """The bills that differ by more than a millionth or in cents."""
    asked = list(scenarios(rows))
    headings = list(dict.fromkeys(name for row in asked for name in row))
    with (tmp_path / "s.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, headings, restval="")
        writer.writeheader()
        writer.writerows(asked)
    price(Asked(file=None, out=tmp_path / "o.csv", rates=FILES, scenarios=tmp_path / "s.csv"))
    with (tmp_path / "o.csv").open(encoding="utf-8", newline="") as stream:
        found = list(csv.DictReader(stream))
    assert len(found) == len(rows)
    wrong = []
    for row, one in zip(rows, found, strict=True):
        bill = Decimal(row["bill"])
        cents = int((bill * 100).to_integral_value(rounding=ROUND_HALF_UP))
        names = ("service_charge", "commodity_charge", "bill")
        if one["error"] or one["bill_cents"] != str(cents) or any(
            abs(Decimal(one[name]) - Decimal(row[name])) > Decimal("1e-6") for name in names
        ):  # fmt: skip
            wrong.append(f"{row['id']} {row['file']} {row['cust_class']}: {one}")
    return wrong


def test_a_sample_of_the_grid_agrees(tmp_path: Path) -> None:
    assert differing(grid(29), tmp_path) == []


@pytest.mark.long
def test_the_whole_grid_agrees(tmp_path: Path) -> None:
    rows = grid(1)
    assert len(rows) == 21_762
    assert differing(rows, tmp_path) == []


def test_both_faces_of_the_engine_agree_on_real_classes() -> None:
    compared = 0
    for row in scenarios(grid(97)):
        owrs = parse((FILES / row["file"]).read_bytes())
        name, given = row["cust_class"], frozenset(row) - {"file", "cust_class", "usage"}
        billed, _ = convert_for_pricing(owrs, name, given=standing_in(owrs.classes[name], given))
        tariff, facts = parse_tariff(billed.text, file=row["file"]), facts_of(name, billed, row)
        ends = billed.effective + timedelta(days=billed.days)
        lines = price_columns(tariff, bills_frame(tariff, [(billed.effective, ends, facts)]))
        columns = list(zip(lines["component"], lines["part"], lines["amount"], strict=True))
        assert columns == [(one[0], one[1], one[4]) for one in amounts(tariff, billed.effective, ends, facts)]
        compared += len(columns)
    assert compared > 300


@pytest.mark.long
def test_every_class_that_can_be_priced_is_a_document_that_keeps_everything() -> None:
    documents = 0
    for path in sorted(FILES.rglob("*.owrs")):
        try:
            owrs = parse(path.read_bytes())
        except WrongFormat as refusal:
            assert refusal.line > 0
            continue
        for name in owrs.classes:
            try:
                converted = convert(owrs, name, file=path.name)
            except ValueError as refusal:
                assert "percentages, but its charge says Tiered" in str(refusal)
                continue
            parse_tariff(converted.text, file=path.name)
            documents += 1
    assert documents == 1401
