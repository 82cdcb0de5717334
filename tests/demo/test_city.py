"""The city as it is drawn: repeatable, of the size asked for, with everyone who has a story. No database."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from meterbook.demo import sources
from meterbook.demo.city import STORIES, City
from meterbook.demo.drawn import people, services
from meterbook.demo.drawn.premises import TooFewAccounts
from meterbook.engine.rates.tariff import parse_tariff
from meterbook.records.customers.operations.load_customers import numbered
from meterbook.records.customers.operations.open_account import account_number
from meterbook.records.ledger.operations.adopt_chart import parse_chart

#: Released for who defines a delivery; nobody in the founded city is served on it.
WHOLESALE = "W-WHS"


def test_the_same_seed_draws_the_same_city_and_another_seed_another() -> None:
    first, again, other = City(accounts=150, seed=3), City(accounts=150, seed=3), City(accounts=150, seed=4)
    for part in ("sites", "points", "households", "meters", "registers", "exchanges"):
        assert getattr(first, part).equals(getattr(again, part)), part
    assert not first.registers.equals(other.registers)


@pytest.mark.parametrize("accounts", [60, 500, 2_800])
def test_as_many_accounts_have_service_as_were_asked_for(accounts: int) -> None:
    city = City(accounts=accounts, seed=1)
    load = people.customers(city.households, city.points, 1)
    assert load.agreements["account"].n_unique() == accounts
    assert load.accounts.select(numbered(pl.col("number")).all()).item()
    assert load.accounts["number"].is_unique().all()


def test_the_demo_city_is_the_one_the_readme_tells_of() -> None:
    city = City(accounts=2_800, seed=1)
    assert city.sites.height == 3_000
    assert city.sites["route"].n_unique() == 12
    assert city.sites["cycle"].n_unique() == 5
    assert city.meters.filter(pl.col("form") == "solar").height == 40
    assert city.meters.filter(pl.col("form") == "compound").height > 5
    assert city.meters.filter(pl.col("form").is_in(["ct40", "ct80"])).height > 20
    persons = people.customers(city.households, city.points, 1).persons
    spanish = persons.filter(pl.col("language") == "es").height / persons.height
    assert 0.2 < spanish < 0.4
    assert city.sites.filter(pl.col("occupancy") == "vacant").height == 200


def test_too_small_a_city_is_refused_in_words() -> None:
    with pytest.raises(TooFewAccounts, match="expected at least"):
        _ = City(accounts=12, seed=1).sites


def test_every_story_has_its_account_or_none_and_every_number_its_check_digit() -> None:
    numbers = [one.account for one in STORIES.values() if one.account]
    assert len(set(numbers)) == len(numbers)
    assert all(account_number(int(number[:-1])) == number for number in numbers)
    district = [one for key, one in STORIES.items() if key.startswith("schools_")]
    assert len(district) == 14
    assert {one.name for one in district} == {"Alder Bend Unified School District"}


def test_each_tariff_finds_every_fact_it_asks_for_and_every_account_of_the_chart() -> None:
    city = City(accounts=300, seed=1)
    facts = services.determinants(city.points, date(2024, 8, 3), 1)
    held = facts.join(city.points.select(pl.col("code").alias("service_point"), "schedule"), on="service_point")
    text = (sources.CITY_DIR / "chart_of_accounts.yaml").read_text(encoding="utf-8")
    chart = {account["code"] for account in parse_chart(text, file="chart").accounts}
    for path in sources.tariff_files():
        tariff = parse_tariff(path.read_text(encoding="utf-8"), file=path.name)
        points = city.points.filter(pl.col("schedule") == tariff.schedule).height
        assert points or tariff.schedule == WHOLESALE, f"nobody is served on {tariff.schedule}"
        for needed in tariff.required_determinants():
            if needed.name in ("usage", "export"):
                continue
            if needed.name == "meter_size":
                sizes = city.meters.filter(pl.col("schedule") == tariff.schedule)["size"].unique()
                assert set(sizes) <= set(needed.choices)
                continue
            mine = held.filter((pl.col("schedule") == tariff.schedule) & (pl.col("kind") == needed.name))
            assert mine.height == points, f"{tariff.schedule}: {needed.name}"
            assert not needed.choices or set(mine["key"]) <= set(needed.choices)
        revenue = {component.revenue for version in tariff.versions for component in version.components}
        assert revenue <= chart
