"""Numbers change in place; everything else of the document stays byte for byte."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meterbook.engine.rates.drafts.edits import CannotEdit, edit_numbers, numbers, scalars
from meterbook.engine.rates.tariff import parse_tariff

CITY = Path(__file__).parents[4] / "tariffs" / "alder-bend"
DOCUMENTS = [path.read_text() for path in sorted(CITY.glob("*.yaml")) if ".cases" not in path.name]
ODD = "# über alles – 1 ½\r\na: {'5/8\"': \"1.50\" , b: [ 2, -3.25 ]} # 2\r\nc: '7'\r\nd: 1.50 # ü\r\n"


@settings(max_examples=80, deadline=None)
@given(data=st.data(), text=st.sampled_from([*DOCUMENTS, ODD]))
def test_only_the_named_numbers_change(data: st.DataObject, text: str) -> None:
    before = numbers(text, file="x")
    paths = data.draw(st.sets(st.sampled_from(sorted(before)), max_size=5))
    values = {path: data.draw(st.decimals(-(10**6), 10**6, places=data.draw(st.integers(0, 8)))) for path in paths}
    edited = edit_numbers(text, values, file="x")
    assert numbers(edited, file="x") == before | values
    kept = {path: node.value for path, node in scalars(text, file="x").items() if path not in paths}
    assert kept.items() <= {path: node.value for path, node in scalars(edited, file="x").items()}.items()


@settings(max_examples=40, deadline=None)
@given(data=st.data(), text=st.sampled_from([*DOCUMENTS, ODD]))
def test_there_and_back_is_the_very_same_text(data: st.DataObject, text: str) -> None:
    """With numbers of the same decimals there is nothing left to tell that anything was changed."""
    before = numbers(text, file="x")
    paths = data.draw(st.sets(st.sampled_from(sorted(before)), max_size=5))

    def other(path: str) -> Decimal:
        exponent = before[path].as_tuple().exponent
        assert isinstance(exponent, int)
        return data.draw(st.decimals(-(10**6), 10**6, places=-exponent))

    edited = edit_numbers(text, {path: other(path) for path in paths}, file="x")
    assert edit_numbers(edited, {path: before[path] for path in paths}, file="x") == text


def test_quotes_comments_and_line_ends_stay() -> None:
    edited = edit_numbers(ODD, {'a.5/8"': Decimal("12"), "a.b[1]": Decimal("0.5"), "c": Decimal(8), "d": Decimal(2)})
    assert edited == "# über alles – 1 ½\r\na: {'5/8\"': \"12.00\" , b: [ 2, 0.50 ]} # 2\r\nc: '8'\r\nd: 2.00 # ü\r\n"


def test_a_changed_price_is_what_the_tariff_then_has() -> None:
    text = (CITY / "W-RES.yaml").read_text()
    path = "versions[1].components[1].tiers[1].price"
    assert numbers(text, file="x")[path] == Decimal("2.43")
    tariff = parse_tariff(edit_numbers(text, {path: Decimal("2.5")}), file="x")
    assert tariff.versions[1].components[1].settings.tiers[1].price.constant == Decimal("2.50")  # type: ignore[attr-defined]


def test_what_is_not_a_number_is_not_edited() -> None:
    for path in ("a", "a.nothing", "d[0]"):
        with pytest.raises(CannotEdit, match="no single value"):
            edit_numbers(ODD, {path: Decimal(1)})
    with pytest.raises(CannotEdit, match="stands usage, not a number"):
        edit_numbers("quantity: usage", {"quantity": Decimal(1)})


def test_a_path_that_means_two_places_means_neither() -> None:
    with pytest.raises(CannotEdit, match="no single value"):
        edit_numbers("{a.b: 1, a: {b: 2}}", {"a.b": Decimal(1)})
