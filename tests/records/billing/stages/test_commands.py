"""A run from the terminal: ready, pause, log, reports, print, close, each said in one clear line."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from pytest import MonkeyPatch
from tests.records.billing.stages.press import in_fives

from meterbook.cli.commands.bills import command
from meterbook.records.billing.models import BillRun

pytestmark = pytest.mark.django_db


def bills(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(command, [*words], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.output


def test_a_run_from_the_terminal(office: Any, tmp_path: Path, monkeypatch: MonkeyPatch) -> None:
    in_fives(monkeypatch)
    office.read("C1", 3)
    run: BillRun = office.plan("C1", 3, chunk_accounts=4)
    name = run.number
    said = bills("ready", name, "--json")
    assert "reads" in said and json.loads(said.splitlines()[-1])["received"] > 0
    assert "0 rows" in bills("ready", name, "--check", "reads_missing")
    assert "no published bill date waits" in bills("ready")
    assert "not being calculated" in bills("pause", name, "--as", "billing", code=1)

    run = office.calculate(run)
    assert "is calculated" not in bills("recalculate", name, "--as", "billing", "--reason", "one read was corrected")
    assert "15 bills" in bills("resume", name, "--workers", "1", "--as", "billing")
    office.approve(BillRun.objects.get(pk=run.pk))
    assert "posted" in bills("post", name, "--as", "billing")
    assert "pieces: The bills were not handed to the printer yet." in bills("close", name, "--check", "--as", "billing")
    assert "CannotClose" in bills("close", name, "--as", "billing", code=1)

    said = bills("reports", name, "--out", str(tmp_path / "csv"), "--as", "billing")
    assert "0 reports kept" in said, "posting kept them"
    with (tmp_path / "csv" / f"{name.replace('/', '-')}-billing_register.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    totals = BillRun.objects.get(pk=run.pk).totals
    assert len(rows) == totals["lines"] and len({row["Bill"] for row in rows}) == 15

    assert "15 pieces handed off of 15 bills, 30 pages" in bills(
        "print", name, "--out", str(tmp_path), "--as", "billing"
    )
    again = bills(
        "print", name, "--from-piece", "7", "--out", str(tmp_path / "x"), "--as", "billing", "--reason", "jam"
    )
    assert "from-7.pdf  pieces 7 to 10" in again
    assert f"run {name} is closed: 15 bills, 15 pieces" in bills("close", name, "--as", "supervisor")
    log = bills("log", name, "--json")
    kinds = [each["kind"] for each in json.loads(log.splitlines()[-1])["deeds"]]
    assert kinds[0] == "billing.plan_run" and kinds[-1] == "billing.close_run" and "billing.recalculate_run" in kinds
