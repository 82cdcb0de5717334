"""`meterbook calendar`: compute, set, publish, show and export from the command line."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import icalendar
import pytest
from click.testing import CliRunner, Result

from meterbook.cli.commands.calendar import command
from meterbook.demo.founding import found_office
from meterbook.demo.policies import enact_policies
from meterbook.records.places.models import Cycle
from meterbook.records.platform.deeds import Act
from meterbook.records.platform.operations.business_date import advance_business_date


@pytest.fixture
def office(db: None) -> Any:
    staff = found_office(password="correct-horse-battery")
    enact_policies(staff)
    for code, day in (("C1", 3), ("C2", 8)):
        Cycle.objects.create(code=code, read_day=day)
    advance_business_date(Act(staff["system"], date(2025, 12, 1), "morning"), to=date(2025, 12, 1))
    return staff


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, list(arguments))


def done(*arguments: str) -> str:
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return result.output


def test_a_year_from_proposal_to_files(office: Any, tmp_path: Path) -> None:
    said = done("compute", "--year", "2026", "--as", "billing")
    assert "proposed C1 2026, edition 1: 144 dates" in said and "proposed C2" in said
    assert run("show", "--year", "2026").exit_code == 1
    assert "edition 1, proposed" in done("show", "--year", "2026", "--proposal", "--cycle", "C1")
    assert "published C2 2026, edition 1" in done("publish", "--year", "2026", "--as", "supervisor")
    told = json.loads(done("show", "--year", "2026", "--json").splitlines()[-1])
    assert len(told["dates"]) == 288 and told["dates"][3] == {
        "cycle": "C1", "period": "2026-01", "date": "bill", "day": "2026-01-05", "by_hand": False,
    }  # fmt: skip
    why = done("show", "--year", "2026", "--cycle", "C1", "--why")
    assert "61 days after the due date, Thu 2026-02-26." in why and "Cal. Health & Safety Code 116908" in why
    ical, pdf = tmp_path / "all.ics", tmp_path / "c1.pdf"
    done("export", "--year", "2026", "--ical", str(ical), "--pdf", str(pdf), "--language", "es")
    assert len(icalendar.Calendar.from_ical(ical.read_bytes()).walk("VEVENT")) == 288
    assert pdf.read_bytes().startswith(b"%PDF")


def test_one_date_is_set_or_refused_by_name(office: Any) -> None:
    done("compute", "--year", "2026", "--cycle", "C1", "--as", "billing")
    known = ("set", "--cycle", "C1", "--period", "2026-02", "--as", "billing", "--reason", "council")
    refused = run(*known, "--date", "due", "--to", "2026-02-20", "--alone")
    assert refused.exit_code == 1 and "BreaksRule: Due on 2026-02-20 is too early: at least 21 days" in refused.output
    said = done(*known, "--date", "penalty", "--to", "2026-03-12")
    assert "C1 2026-02 penalty: 2026-03-12, by the policy 2026-03-09; not published yet" in said
    assert "penalty 2026-03-12*" in done("show", "--year", "2026", "--proposal")
    done("compute", "--year", "2026", "--cycle", "C1", "--as", "billing")
    assert "penalty 2026-03-12*" in done("show", "--year", "2026", "--proposal")
    done("compute", "--year", "2026", "--cycle", "C1", "--as", "billing", "--drop-edits")
    assert "2026-03-12" not in done("show", "--year", "2026", "--proposal")
    assert "took back C1" in done("withdraw", "--year", "2026", "--as", "billing")


def test_refusals_are_one_clear_line(office: Any, tmp_path: Path) -> None:
    for arguments, words in (
        (("compute", "--year", "2026", "--as", "cashier"), "may not do billing.compute_calendar"),
        (("compute", "--year", "2020", "--as", "billing"), "no policy billing-calendar is in force in 2020"),
        (("compute", "--year", "2026", "--cycle", "C7", "--as", "billing"), "no cycle C7; there are C1, C2"),
        (("publish", "--year", "2026", "--as", "billing"), "There is no proposal for 2026."),
        (("export", "--year", "2026", "--ical", str(tmp_path / "a.ics")), "no published calendar of 2026"),
        (("export", "--year", "2026"), "say --ical FILE or --pdf FILE"),
        (("export", "--year", "2026", "--ical", str(tmp_path / "no" / "a.ics")), "there is no folder"),
    ):
        result = run(*arguments)
        assert result.exit_code != 0 and words in result.output, (arguments, result.output)
        assert "Traceback" not in result.output
