"""The figures of `bench rating` and `bench rate-impact` rest on bills that agree, and on every key being there."""

from __future__ import annotations

import json
from decimal import Decimal

from click.testing import CliRunner

from meterbook.cli.commands.bench import command
from meterbook.demo.bench.households import monthly_bills, twelve_charges
from meterbook.demo.bench.reference import measure_reference
from meterbook.engine.rates.drafts.edits import edit_numbers
from meterbook.engine.rates.tariff import parse_tariff


def _figures(*arguments: str) -> dict[str, object]:
    result = CliRunner().invoke(command, [*arguments, "--json"])
    assert result.exit_code == 0, result.output
    found: dict[str, object] = json.loads(result.output.splitlines()[-1])
    return found


def test_the_measured_bill_has_twelve_charges() -> None:
    tariff, _ = twelve_charges()
    assert len(tariff.versions[-1].components) == 12


def test_rating_compares_every_bill() -> None:
    figures = _figures("rating", "--bills", "2400", "--sample", "300")
    assert {"bills_per_s", "decimal_bills_per_s", "pysam_bills_per_s", "mismatches"} <= set(figures)
    assert (figures["mismatches"], figures["decimal_bills"], figures["threads"]) == (0, 300, 1)
    assert figures["pysam_bills"] == 1800
    fastest, whole = figures["bills_per_s"], figures["bills_per_s_whole_pass"]
    assert isinstance(fastest, int) and isinstance(whole, int)
    assert 0 < whole <= fastest  # a whole pass holds no frame that is faster than its fastest


def test_the_reference_would_see_a_wrong_tier() -> None:
    """PySAM billed by one tariff and Meterbook by another, a tenth of a cent apart in the second tier."""
    tariff, text = twelve_charges()
    other = parse_tariff(edit_numbers(text, {"versions[0].components[2].tiers[1].price": Decimal("0.2266")}), file="x")
    years = [[200] * 12, [900] * 12]
    assert measure_reference(tariff, years).mismatches == 0
    assert measure_reference(tariff, years, ours=other).mismatches == 12


def test_rate_impact_prices_every_bill() -> None:
    figures = _figures("rate-impact", "--accounts", "300", "--months", "3")
    assert (figures["bills"], figures["unpriced"]) == (900, 0)
    assert isinstance(figures["seconds"], float)


def test_households_are_the_same_every_time() -> None:
    assert monthly_bills(50, 2, seed=3).equals(monthly_bills(50, 2, seed=3))
    assert not monthly_bills(50, 2, seed=3).equals(monthly_bills(50, 2, seed=4))
