"""The policy of suspended service is read strictly."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from meterbook.engine.billing.adjusting.fields import WrongSetting
from meterbook.engine.billing.suspension import parse_suspension

CITY = Path(__file__).parents[3] / "policies" / "alder-bend" / "service-suspension.yaml"


def test_the_citys_policy() -> None:
    found = parse_suspension(yaml.safe_load(CITY.read_text()))
    assert found["vacation"].least_days == 30
    assert found["vacation"].continues == {"refuse": "nothing", "water": "fixed", "sewer": "fixed"}
    assert "electricity" not in found["seasonal"].continues


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"least_days": 0}, "least_days"),
        ({"continues": {"refuse": "half"}}, "continues.refuse"),
        ({"continues": {}}, "continues"),
        ({"words": {"en": "Vacation"}}, "words"),
        ({"code": "Vacation"}, "code"),
    ],
)
def test_what_cannot_be_read_is_refused_where_it_stands(changed: dict[str, Any], where: str) -> None:
    cause = {"code": "vacation", "words": {"en": "Vacation", "es": "Vacaciones"}, "least_days": 30,
             "continues": {"refuse": "nothing"}}  # fmt: skip
    assert parse_suspension({"causes": [cause]})["vacation"].continues == {"refuse": "nothing"}
    with pytest.raises(WrongSetting, match=rf"causes\[0\]\.{where}"):
        parse_suspension({"causes": [{**cause, **changed}]})
    with pytest.raises(WrongSetting, match="stands once"):
        parse_suspension({"causes": [cause, cause]})
