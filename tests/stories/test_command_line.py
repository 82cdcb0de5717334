"""The command line: what it prints, and with which status it ends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.db import connection

from meterbook.cli.main import NAMES, cli
from meterbook.demo.sources import TARIFF_DIR
from meterbook.records.billing.models import Bill, Line
from meterbook.records.ledger.models import Entry
from meterbook.records.metering.models import Read, Register

pytestmark = pytest.mark.django_db
BILL = "1000017-20260415"


def run(*words: str) -> Result:
    return CliRunner().invoke(cli, list(words))


def last_line(result: Result) -> Any:
    return json.loads(result.stdout.splitlines()[-1])


def test_help_names_every_command_and_each_has_its_own() -> None:
    said = run("--help")
    assert said.exit_code == 0
    for name in NAMES:
        assert f"\n  {name} " in said.output
        assert run(name, "--help").exit_code == 0
    assert run("nonsense").exit_code == 2


class TestExplain:
    """`meterbook explain`: back to reads and ordinance."""

    def test_a_bill_ends_with_one_json_object(self, office: Any) -> None:
        bill = Bill.objects.get(number=BILL)
        for reference in (BILL, str(bill.pk)):
            result = run("explain", "bill", reference, "--json")
            assert result.exit_code == 0
            told = last_line(result)
            assert (told["number"], told["agrees"], told["current_cents"]) == (BILL, True, bill.current_cents)
            assert sum(line["amount_cents"] for line in told["lines"]) == bill.current_cents
        assert "Read 1,812.13 on March 13, 2026" in result.stdout
        assert "Resolution 2026-09" in result.stdout
        assert f"{len(told['lines'])} lines, all agree with the bill" in result.stdout

    def test_in_spanish(self, office: Any) -> None:
        result = run("explain", "bill", BILL, "--language", "es", "--json")
        assert "13 de marzo de 2026" in result.stdout
        assert last_line(result)["agrees"] is True

    def test_one_line(self, office: Any) -> None:
        line = Line.objects.filter(run_id=Bill.objects.get(number=BILL).run_id).order_by("id")[0]
        told = last_line(run("explain", "line", str(line.pk), "--json"))
        assert (told["amount_cents"], told["component"], told["agrees"]) == (line.amount_cents, line.component, True)

    def test_a_bill_that_is_not_there(self, office: Any) -> None:
        result = run("explain", "bill", "nonsense")
        assert result.exit_code == 1
        assert "no bill nonsense" in result.output


class TestLedgerCheck:
    """`meterbook ledger check`."""

    def test_it_holds(self, office: Any) -> None:
        result = run("ledger", "check", "--json")
        assert result.exit_code == 0
        assert last_line(result) == {"balanced": True, "entries": Entry.objects.count()}

    def test_it_does_not(self, office: Any, rows: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE ledger_allocation DISABLE TRIGGER no_cent_twice")
        rows("INSERT INTO ledger_allocation (credit_id, charge_id, amount_cents, effective_on, deed_id, period_id)"
             " SELECT credit_id, charge_id, 1, effective_on, deed_id, period_id FROM ledger_allocation LIMIT 1"
             " RETURNING id")  # fmt: skip
        result = run("ledger", "check", "--json")
        assert result.exit_code == 1
        assert last_line(result)["balanced"] is False
        assert "BROKEN  no item is settled beyond its amount" in result.stdout


class TestRatesCheck:
    """`meterbook rates check`: without a database."""

    def test_the_citys_tariffs_are_right(self) -> None:
        result = run("rates", "check", str(TARIFF_DIR / "W-RES.yaml"))
        assert result.exit_code == 0
        assert "W-RES, 2 versions, in order" in result.stdout
        assert "FAILED" not in result.stdout
        assert "  ok " in result.stdout

    def test_a_broken_one_is_named_by_file_line_and_path(self, tmp_path: Path) -> None:
        text = (TARIFF_DIR / "W-RES.yaml").read_text(encoding="utf-8")
        number = next(n for n, line in enumerate(text.splitlines(), 1) if 'price: "1.84"' in line)
        file = tmp_path / "W-RES.yaml"
        file.write_text(text.replace('price: "1.84"', "price: cheap", 1), encoding="utf-8")
        result = run("rates", "check", str(file))
        assert result.exit_code == 1
        [said] = [line for line in result.stdout.splitlines() if "found" in line]
        assert said.startswith(f"{file}:{number}: ")
        assert "tiers" in said
        assert "price" in said
        assert "found" in said and "cheap" in said
        assert ", expected " in said

    def test_a_case_that_does_not_come_out(self, tmp_path: Path) -> None:
        for name in ("W-RES.yaml", "W-RES.cases.yaml"):
            text = (TARIFF_DIR / name).read_text(encoding="utf-8")
            (tmp_path / name).write_text(text.replace('price: "1.84"', 'price: "1.85"'), encoding="utf-8")
        result = run("rates", "check", str(tmp_path / "W-RES.yaml"))
        assert result.exit_code == 1
        assert "FAILED" in result.stdout


class TestReadsImport:
    """`meterbook reads import`: what loaded, what is to be corrected."""

    def file(self, folder: Path) -> tuple[Path, Register]:
        register = Register.objects.filter(unit="kWh", multiplier=1, meter__commodity="electricity",
                                           channel="delivered").order_by("pk")[0]  # fmt: skip
        value = int(register.reads.latest("read_on").value) + 5
        file = folder / "extra.csv"
        file.write_text(
            "meter,channel,read_date,read_time,reading,unit,kind,reader,comment\n"
            f"{register.meter.serial},,2026-04-28,09:15,{value % 100_000},kWh,actual,,\n"
            "NOBODYS,,2026-04-28,09:15,12,kWh,actual,,\n#END,2\n"
        )
        return file, register

    def test_good_rows_load_and_bad_ones_are_listed(self, office: Any, tmp_path: Path) -> None:
        file, register = self.file(tmp_path)
        result = run("reads", "import", "--format", "meterbook-reads", "--as", "billing", "--json", str(file))
        assert result.exit_code == 0, result.output
        assert "extra.csv: 2 rows, 1 loaded, 0 unchanged, 0 earlier the same day, 1 to correct" in result.stdout
        assert "extra.csv:3: meter: found 'NOBODYS', expected the serial of a meter on record" in result.stdout
        [told] = last_line(result)["files"]
        assert (told["loaded"], told["corrections"][0]["line"]) == (1, 3)
        assert Read.objects.filter(register=register, read_on="2026-04-28").count() == 1

    def test_the_file_again_changes_nothing(self, office: Any, tmp_path: Path) -> None:
        file, _ = self.file(tmp_path)
        words = ("reads", "import", "--format", "meterbook-reads", "--as", "billing", "--json", str(file))
        first, count = last_line(run(*words)), Read.objects.count()
        assert last_line(run(*words)) == first
        assert Read.objects.count() == count

    def test_who_may_not_is_told_so(self, office: Any, tmp_path: Path) -> None:
        file, _ = self.file(tmp_path)
        result = run("reads", "import", "--format", "meterbook-reads", "--as", "cashier", str(file))
        assert result.exit_code == 1
        assert "cashier may not do metering.import_reads" in result.output
        assert "nobody signs in as ghost" in run(
            "reads", "import", "--format", "meterbook-reads", "--as", "ghost", str(file)
        ).output  # fmt: skip

    def test_nobody_acts_as_the_system(self, office: Any, tmp_path: Path) -> None:
        """The system's own user has no password: what it does, it does by itself."""
        file, _ = self.file(tmp_path)
        before = Read.objects.count()
        result = run("reads", "import", "--format", "meterbook-reads", "--as", "system", str(file))
        assert result.exit_code == 1
        assert "system does not sign in" in result.output
        assert Read.objects.count() == before

    def test_another_format_is_refused_in_one_line(self, office: Any, tmp_path: Path) -> None:
        file, _ = self.file(tmp_path)
        before = Read.objects.count()
        result = run("reads", "import", "--format", "beacon", "--as", "billing", str(file))
        assert result.exit_code == 1
        assert "Traceback" not in result.output
        assert "headings" in result.output
        assert Read.objects.count() == before
