"""The tariffs the rate tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

from meterbook.engine.rates.tariff import Tariff, parse_tariff

HERE = Path(__file__).parent
CITY = HERE.parents[2] / "tariffs" / "alder-bend"


@pytest.fixture(scope="session")
def alder_bend() -> dict[str, Tariff]:
    """Every schedule of the demo city, by code."""
    files = [path for path in sorted(CITY.glob("*.yaml")) if not path.name.endswith(".cases.yaml")]
    tariffs = [parse_tariff(path.read_text(), file=path.name) for path in files]
    return {tariff.schedule: tariff for tariff in tariffs}


@pytest.fixture(scope="session")
def every_component() -> Tariff:
    """A tariff with every kind of charge in two versions."""
    return parse_tariff((HERE / "every_component.yaml").read_text(), file="every_component.yaml")


@pytest.fixture(scope="session")
def whole_text() -> str:
    """The text of the tariff with every kind of charge."""
    return (HERE / "every_component.yaml").read_text()
