"""`meterbook rates check | schema | search | show`: what a rate analyst types, without a database."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from meterbook.cli.commands.rates import command
from meterbook.engine.rates.language.json_schema import json_schema

CITY = Path(__file__).parents[2] / "tariffs" / "alder-bend"
BUDGET = """\
schedule: W
title: {en: Budget, es: Presupuesto}
commodity: water
unit: ccf
eligibility: {en: Homes, es: Hogares}
versions:
  - version: "1"
    effective: 2024-01-01
    source: {utility: An invented city, resolution: R, section: S, url: "https://example.org", adopted: 2023-11-14}
    proration: {normal_days: 30, tolerance: [27, 34], usage_decimals: 0, source: Rule}
    seasons: {summer: {from: "05-01", until: "11-01"}, winter: {from: "11-01", until: "05-01"}}
    inputs:
      usage: {kind: usage, unit: ccf}
      people: {kind: count, unit: person, default: 3}
      zone: {kind: key}
    values:
      indoor: {formula: "people * 60 [gal/person] / 748 [gal/ccf] * 30", unit: ccf}
      price: {by: [season, zone], table: {summer: {inside: 2.5, outside: 3}, winter: {inside: 2, outside: 2.4}}}
      share: {of: people, bands: [{up_to: 4, is: 1}, {is: "people / 4 [person]"}]}
    components:
      - {id: water, component: per_unit, label: {en: Water, es: Agua}, revenue: "4000",
         quantity: "min(usage, indoor) * share", price: price, season: each, applies: "zone == 'inside'"}
"""


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(command, list(arguments))


def test_the_schema_is_printed_and_written(tmp_path: Path) -> None:
    assert json.loads(_run("schema").output) == json_schema()
    assert _run("schema", "--out", str(tmp_path / "s.json")).output == ""
    assert json.loads((tmp_path / "s.json").read_text()) == json_schema()


def test_a_printed_label_is_found_where_it_is_written() -> None:
    found = _run("search", "ENERGY", "tier 2", "--in", str(CITY / "E-RES.yaml"))
    line = (CITY / "E-RES.yaml").read_text().splitlines()[33]
    assert 'en: "Energy, tier 2"' in line
    assert found.output.splitlines()[0].endswith(
        "E-RES.yaml:34: versions[0].components[1].tiers[1].label.en: Energy, tier 2"
    )
    assert len(found.output.splitlines()) == 2
    assert "W-RES.yaml" in _run("search", "W-RES").output


def test_what_is_named_nowhere_is_not_found() -> None:
    result = _run("search", "no such charge")
    assert (result.exit_code, result.output) == (1, "nothing named no such charge\n")


def test_a_broken_file_is_searched_line_by_line(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("title: {en: Water\nlabel: [Base charge")
    assert "broken.yaml:2: not YAML: label: [Base charge" in _run("search", "base", "--in", str(tmp_path)).output


def test_formulas_tables_bands_and_seasons_are_shown_as_they_are_written(tmp_path: Path) -> None:
    (tmp_path / "w.yaml").write_text(BUDGET)
    shown = [line.strip() for line in _run("show", "--file", str(tmp_path / "w.yaml")).output.splitlines()]
    for line in (
        "summer: 05-01 … 11-01",
        "people: count, person = 3",
        "indoor = people * 60 [gal/person] / 748 [gal/ccf] * 30",
        "price (season, zone)",
        "share (people)",
        "Water  [season each]  [if zone == 'inside']",
    ):
        assert line in shown
    assert [line.split() for line in shown if "outside" in line and "if" not in line] == [
        ["summer,", "outside", "3"],
        ["winter,", "outside", "2.4"],
    ]
    assert ["≤", "4", "1"] in [line.split() for line in shown]
    assert "= price  (ccf)" in "\n".join(shown)


def test_a_wrong_document_is_refused_by_name_line_and_path(tmp_path: Path) -> None:
    file = tmp_path / "w.yaml"
    file.write_text(BUDGET.replace("unit: ccf\ne", "unit: hcf\ne"))
    result = _run("check", str(file))
    assert (result.exit_code, result.output.count("\n")) == (1, 1)
    assert result.output.startswith(f"{file}:4: unit: found 'hcf', expected one of kWh")
    assert _run("show", "--file", str(file)).output.startswith(f"Error: {file}:4: unit: found 'hcf', expected one of")


def test_two_documents_in_one_file_are_not_shown(tmp_path: Path) -> None:
    file = tmp_path / "w.yaml"
    file.write_text(BUDGET + "---\ncases: []\n")
    line = BUDGET.count("\n") + 1
    assert _run("show", "--file", str(file)).output == (
        f"Error: {file}:{line}: document: found a second document after '---', expected one document in a file\n"
    )


CASES = """\
cases:
  - name: three people inside
    starts: 2024-06-01
    ends: 2024-07-01
    determinants: {usage: 5, zone: inside}
    lines:
      - {component: water, amount: "12.50"}
"""


def test_cases_stand_beside_or_behind_the_document(tmp_path: Path) -> None:
    behind, beside = tmp_path / "behind.yaml", tmp_path / "be.side.yaml"
    behind.write_text(BUDGET + "---\n" + CASES)
    beside.write_text(BUDGET)
    (tmp_path / "be.side.cases.yaml").write_text(CASES.replace("12.50", "12.51"))
    assert _run("check", str(behind)).output.splitlines()[2] == "  ok      three people inside"
    result = _run("check", str(beside), str(tmp_path / "be.side.cases.yaml"))
    assert result.exit_code == 1
    assert "FAILED  three people inside" in result.output
    assert result.output.count("price gave water.0 12.50; expected water.* 12.51") == 1


def test_wrong_cases_are_named_with_their_line_in_the_file(tmp_path: Path) -> None:
    file = tmp_path / "w.yaml"
    file.write_text(BUDGET + "---\n" + CASES.replace("zone: inside", "zoen: inside"))
    line = (BUDGET + "---\n").count("\n") + 5
    assert f"{file}:{line}: cases[0].determinants.zoen: found determinant zoen" in _run("check", str(file)).output


def test_a_file_of_other_bytes_is_named_and_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"schedule: W\ntitle: {en: A\xf1o}\n")
    (tmp_path / "b.yaml").write_text(BUDGET)
    result = _run("check", str(tmp_path / "a.yaml"), str(tmp_path / "b.yaml"))
    assert "a.yaml:2: document: found bytes that are not UTF-8, expected UTF-8 text" in result.output
    assert "b.yaml: W, 1 versions, in order" in result.output
    assert result.exit_code == 1
