"""Closing the month, in the office's words: everything ties, two people lock, and a locked month never changes."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner
from django.db import DatabaseError, transaction
from django.db.models.functions import Now

from meterbook.cli.main import cli
from meterbook.engine.ledger.closing.month_end import LINES
from meterbook.formats.plain_text import account_name, money
from meterbook.records.billing import partitions
from meterbook.records.closing import screens
from meterbook.records.closing.checklist import EXCEPTION, MET, OPEN, SIGNED, STRICT, checklist, ready
from meterbook.records.closing.figures import reconcile, waiting
from meterbook.records.closing.figures.roll_forward import behind, roll_forward, total
from meterbook.records.closing.figures.trial_balance import by_fund, trial_balance
from meterbook.records.closing.models import PeriodLock
from meterbook.records.closing.months import NoSuchMonth, period_of, span_of, span_of_period
from meterbook.records.closing.operations.accrue import decide_accrual, propose_accrual
from meterbook.records.closing.operations.hand_over import record_reply, write_journal
from meterbook.records.closing.operations.lock_month import decide_lock, propose_lock
from meterbook.records.closing.operations.sign import sign_item, take_signature_back
from meterbook.records.closing.pack import archive, changed, manifest_of, reports
from meterbook.records.closing.refusals import ChangedSince, MonthClosed, NothingToSign, NotReady, NotTheOwner
from meterbook.records.closing.settings import month_end_on
from meterbook.records.closing.whole_ledger import everything
from meterbook.records.ledger.check import check_laws
from meterbook.records.ledger.models import Entry, LedgerAccount, OpenItem
from meterbook.records.ledger.transfers import account_for
from meterbook.records.payments.receiving import receive
from meterbook.records.platform.models import AccountingPeriod, Deed
from meterbook.records.platform.operations.approvals import DecidedElsewhere, SamePerson, decide_approval
from meterbook.records.platform.queries import accounting_period

pytestmark = pytest.mark.django_db
SEPTEMBER, OCTOBER = "2024-09", "2024-10"
Rows = Callable[..., list[tuple[Any, ...]]]


def accept(office: Any, month: str) -> None:
    """The finance director signs whatever is open, each item for what it found."""
    for one in checklist(period_of(month)):
        if one.state == OPEN and one.item.code not in STRICT:
            sign_item(office.act("finance"), period=period_of(month), item=one.item.code, note="history; seen")


def locked(office: Any, *months: str) -> PeriodLock:
    """The supervisor asks, the finance director locks, month by month; the last lock."""
    for month in months:
        accept(office, month)
        lock = propose_lock(office.act("supervisor"), period=period_of(month))
        lock = decide_lock(office.act("finance"), lock=lock, approve=True)
    return lock


def pay(office: Any, cents: int, on: date) -> None:
    """Ana's neighbour hands in money that is about an earlier day."""
    number = Entry.objects.exclude(account=None).order_by("id").values_list("account_id", flat=True)[0]
    act = office.act("cashier")
    deed = Deed.objects.create(kind="test.pay", actor=act.actor, business_date=act.business_date)
    rows = pl.DataFrame([{
        "account_id": number, "written_account": "late", "amount_cents": cents, "received_on": on,
        "reference": "late", "payer": "late",
    }])  # fmt: skip
    receive(deed, rows, into=account_for("clearing"), effective_on=on, batch=None)


def test_the_roll_forward_ties_to_the_cent_and_every_figure_opens_to_its_entries(office: Any) -> None:
    september, october = span_of(SEPTEMBER), span_of(OCTOBER)
    policy = month_end_on(october.ends)
    first, second = roll_forward(september, policy), roll_forward(october, policy)
    assert [row.closing for row in first] == [row.opening for row in second]
    assert total(second).lines["moved"] == 0 and total(second).lines["bills"] > 0 > total(second).lines["payments"]
    assert {row.service: row.closing for row in second} == {row.service: row.total for row in reconcile.aged(october)}
    assert all(row.difference == 0 and row.accounts == 0 for row in reconcile.receivables(october))
    books = {row.code: row for row in trial_balance(october)}
    for row in second:
        assert row.closing == (books[row.chart].closing if row.chart in books else 0)
        for line in ("opening", *LINES, "closing"):
            entries = sum(entry["cents"] for entry in behind(october, policy, chart=row.chart, line=line))
            assert entries == (row.lines[line] if line in LINES else getattr(row, line)), (row.service, line)
    both = roll_forward(span_of(f"{SEPTEMBER}..{OCTOBER}"), policy)
    assert total(both).lines["bills"] == total(first).lines["bills"] + total(second).lines["bills"]


def test_the_trial_balance_balances_by_fund_and_opens_to_its_entries(office: Any) -> None:
    october = span_of(OCTOBER)
    rows, policy = trial_balance(october), month_end_on(october.ends)
    assert all(fund.closing == 0 for fund in by_fund(rows)) and len(by_fund(rows)) > 4
    assert sum(row.debits for row in rows) == sum(row.credits for row in rows) > 0
    assert any(row.code == "1120" for row in rows)  # what the utilities' fund owes water for its customers' payments
    for row in rows:
        assert sum(e["cents"] for e in behind(october, policy, chart=row.code)) == row.debits - row.credits
        assert sum(e["cents"] for e in behind(october, policy, chart=row.code, line="opening")) == row.opening


def test_deposits_on_their_way_are_named_by_batch(office: Any) -> None:
    found = waiting.explained("clearing", span_of(OCTOBER))
    books = {row.code: row.closing for row in trial_balance(span_of(OCTOBER))}
    assert sum(row.cents for row in found) == books.get("1030", 0)
    assert all(row.batch for row in found)


def test_the_finance_director_closes_september(office: Any) -> None:
    office.advance(date(2024, 11, 4))
    month = period_of(SEPTEMBER)
    with pytest.raises(NotReady, match="earlier_months is open"):
        propose_lock(office.act("supervisor"), period=month)
    with pytest.raises(NothingToSign, match="put right"):
        sign_item(office.act("finance"), period=month, item="earlier_months", note="never mind")
    locked(office, "2024-07", "2024-08")
    states = {one.item.code: one.state for one in checklist(month)}
    assert states["earlier_months"] == states["receivables"] == states["laws"] == states["journal"] == MET
    assert states["runs"] == states["bank"] == OPEN  # the history's runs were posted and never closed
    with pytest.raises(NotTheOwner, match="Only the finance director"):
        sign_item(office.act("supervisor"), period=month, item="runs", note="later")
    with pytest.raises(NotTheOwner, match="its owner"):
        sign_item(office.act("cashier"), period=month, item="bank", note="I saw it")
    with pytest.raises(NothingToSign):
        sign_item(office.act("finance"), period=month, item="receivables", note="fine")
    signed = sign_item(office.act("supervisor"), period=month, item="adjustments", note="none", file_name="a.txt",
                       content=b"seen")  # fmt: skip
    assert signed.evidence is not None and bytes(signed.evidence.content) == b"seen"
    take_signature_back(office.act("supervisor"), period=month, item="adjustments", note="wrong month")
    with pytest.raises(NotReady):
        propose_lock(office.act("finance"), period=month)
    accept(office, SEPTEMBER)
    states = {one.item.code: one.state for one in checklist(month)}
    assert ready(checklist(month)) and states["runs"] == EXCEPTION and states["adjustments"] == SIGNED
    lock = propose_lock(office.act("finance"), period=month)
    with pytest.raises(SamePerson):
        decide_lock(office.act("finance"), lock=lock, approve=True)
    with pytest.raises(DecidedElsewhere):
        decide_approval(office.act("supervisor"), request=lock.approval, approve=True)
    lock = decide_lock(office.act("supervisor"), lock=lock, approve=True)
    assert lock.pack is not None and screens.month_of(month).state == "locked"
    content = bytes(lock.pack.content)
    with zipfile.ZipFile(BytesIO(content)) as pack:
        assert {"manifest.json", "roll-forward.csv", "trial-balance.csv", "checklist.json", "journal.csv"} <= set(
            pack.namelist()
        )
        said = json.loads(pack.read("checklist.json"))
    assert {one["item"]: one["by"] for one in said}["runs"] == office.staff["finance"].username
    assert manifest_of(content)["sha256"]["roll-forward.csv"] == lock.figures["sha256"]["roll-forward.csv"]
    with pytest.raises(MonthClosed):
        sign_item(office.act("finance"), period=month, item="bank", note="again")
    with pytest.raises(MonthClosed):
        propose_lock(office.act("finance"), period=month)


def test_an_exception_holds_for_exactly_what_was_found(office: Any) -> None:
    office.advance(date(2024, 11, 4))
    accept(office, SEPTEMBER)
    clearing = next(one for one in checklist(period_of(SEPTEMBER), only="clearing"))
    assert clearing.state in (MET, EXCEPTION)
    pay(office, 4_321, date(2024, 9, 30))
    clearing = next(one for one in checklist(period_of(SEPTEMBER), only="clearing"))
    assert clearing.state == OPEN and clearing.stale
    assert 4_321 in [one.cents for one in waiting.explained("clearing", span_of(SEPTEMBER))]


def test_the_second_person_locks_what_was_shown_or_nothing(office: Any) -> None:
    office.advance(date(2024, 11, 4))
    locked(office, "2024-07", "2024-08")
    accept(office, SEPTEMBER)
    lock = propose_lock(office.act("supervisor"), period=period_of(SEPTEMBER))
    pay(office, 100, date(2024, 9, 20))
    with pytest.raises(ChangedSince), transaction.atomic():
        decide_lock(office.act("finance"), lock=lock, approve=True)
    assert decide_lock(office.act("finance"), lock=lock, approve=False).state == "refused"
    with pytest.raises(NotReady, match="not over"):
        propose_lock(office.act("supervisor"), period=period_of("2024-11"))


def test_what_is_posted_late_lands_in_the_open_month_and_the_locked_month_says_the_same(office: Any) -> None:
    """A payment about September, and a run billed in October that is posted when October is locked."""
    office.read("C1", 3)
    run = office.calculate(office.plan("C1", 3))
    billed = run.bill_date
    office.advance(date(2024, 12, 3))
    lock = locked(office, "2024-07", "2024-08", SEPTEMBER, OCTOBER, "2024-11")
    spans = [span_of(month) for month in (SEPTEMBER, OCTOBER, "2024-11", f"{SEPTEMBER}..2024-11")]
    before = [archive(reports(span), {}) for span in spans]
    pay(office, 1_250, date(2024, 9, 20))
    paid = Entry.objects.filter(source_kind="payment").latest("id")
    assert (paid.effective_on, paid.period.code) == (date(2024, 9, 20), "2024-12")
    office.post(run)
    late = Entry.objects.filter(run_id=run.pk)
    assert late.exists() and not late.exclude(effective_on=billed, period__code="2024-12").exists()
    assert billed < date(2024, 12, 1)
    assert [archive(reports(span), {}) for span in spans] == before
    assert lock.pack is not None and changed(bytes(lock.pack.content), span_of_period(lock.period)) == []
    december = span_of("2024-12")
    rolled = total(roll_forward(december, month_end_on(december.ends)))
    assert rolled.lines["bills"] == run.totals["cents"] and rolled.lines["payments"] == -1_250
    assert all(row.difference == 0 for row in reconcile.receivables(december))
    assert {law.name for law in check_laws() if not law.holds} == set()


def test_the_database_itself_refuses_a_closed_month(office: Any, rows: Rows) -> None:
    office.advance(date(2024, 11, 4))
    locked(office, "2024-07", "2024-08", SEPTEMBER)
    month = period_of(SEPTEMBER)
    assert accounting_period(date(2024, 9, 9)).code == OCTOBER
    for model in (Entry, OpenItem):
        row = model.objects.filter(source_kind="payment").order_by("-id")[0]
        row.pk, row.period = None, month
        row.source_id = 10**9
        with pytest.raises(DatabaseError, match="is closed: 2024-09"), transaction.atomic():
            row.save(force_insert=True)
    with pytest.raises(DatabaseError, match="closed for good"), transaction.atomic():
        AccountingPeriod.objects.filter(pk=month.pk).update(closed_at=None)
    run = max(run for (run,) in rows("SELECT DISTINCT run_id FROM ledger_entry"))
    with pytest.raises(DatabaseError), transaction.atomic():
        rows(f"INSERT INTO ledger_entry_run_{run} SELECT * FROM ledger_entry_run_{run} LIMIT 1 RETURNING id")


def test_a_runs_own_table_is_asked_before_it_is_attached(office: Any, rows: Rows) -> None:
    AccountingPeriod.objects.filter(code=SEPTEMBER).update(closed_at=Now())
    partitions.create(999_999)
    columns = "debit_id, credit_id, amount_cents, account_id, service, effective_on, source_kind, source_id, deed_id"
    partitions.create(999_999, parents=(partitions.ENTRY,))
    rows(
        f"INSERT INTO ledger_entry_run_999999 (run_id, period_id, {columns}) SELECT 999999, %s, {columns}"
        " FROM ledger_entry WHERE source_kind = 'bill' LIMIT 1 RETURNING id", [period_of(SEPTEMBER).pk],
    )  # fmt: skip
    with pytest.raises(partitions.PeriodClosed, match="2024-09 is closed"):
        partitions.check_references(999_999)


def test_the_journal_is_written_once_and_answered(office: Any) -> None:
    office.advance(date(2024, 11, 4))
    month = period_of(SEPTEMBER)
    with pytest.raises(MonthClosed, match="is open"):
        write_journal(office.act("finance"), period=month)
    locked(office, "2024-07", "2024-08", SEPTEMBER)
    made = write_journal(office.act("billing"), period=month)
    again = write_journal(office.act("finance"), period=month)
    assert again.pk == made.pk and bytes(again.content.content) == bytes(made.content.content)
    movements = sum(row.debits - row.credits for row in trial_balance(span_of(SEPTEMBER)) if row.kind == "revenue")
    text = bytes(made.content.content).decode()
    assert text.startswith("Batch,Line,Effective Date") and "UB202409,1,09/30/2024,GEN" in text and movements < 0
    record_reply(office.act("finance"), journal=made, accepted=False, note="account 520-3410-42201 unknown")
    assert screens.month_of(month).state == "refused"
    record_reply(office.act("finance"), journal=made, accepted=True, reference="JE-1187")
    assert screens.month_of(month).state == "accepted"
    with pytest.raises(MonthClosed, match="already"):
        record_reply(office.act("finance"), journal=made, accepted=True, reference="JE-1188")


def test_the_estimate_is_booked_by_two_and_taken_back_on_the_first(office: Any) -> None:
    office.advance(date(2024, 11, 4))
    before = total(roll_forward(span_of(OCTOBER), month_end_on(office.today)))
    asked = propose_accrual(office.act("supervisor"), period=period_of(OCTOBER))
    assert asked.cents == sum(asked.figures["services"].values()) > 0
    with pytest.raises(SamePerson):
        decide_accrual(office.act("supervisor"), accrual=asked, approve=True)
    decide_accrual(office.act("finance"), accrual=asked, approve=True)
    october = {row.code: row for row in trial_balance(span_of(OCTOBER))}
    november = {row.code: row for row in trial_balance(span_of("2024-11"))}
    for service, cents in asked.figures["services"].items():
        asset = account_for("unbilled", service).code
        assert october[asset].closing == cents and november[asset].closing == 0
    days = set(Entry.objects.filter(source_kind="accrual").values_list("effective_on", flat=True))
    assert days == {date(2024, 10, 31), date(2024, 11, 1)}
    assert total(roll_forward(span_of(OCTOBER), month_end_on(office.today))) == before
    assert [law.name for law in check_laws() if not law.holds] == []
    with pytest.raises(MonthClosed):
        propose_accrual(office.act("supervisor"), period=period_of(OCTOBER))


def test_months_are_written_as_people_write_them(office: Any) -> None:
    assert (span_of("FY2025").starts, span_of("FY2025").last_day) == (date(2024, 7, 1), date(2025, 6, 30))
    for wrong in ("2024-13", "2031-01", "October", f"{OCTOBER}..{SEPTEMBER}"):
        with pytest.raises(NoSuchMonth):
            span_of(wrong)


def exported(form: str, folder: Path) -> Path:
    """The whole ledger as a file, by the command."""
    file = folder / f"ledger.{form}"
    done = CliRunner().invoke(cli, ["ledger", "export", "--format", form, "--out", str(file)])
    assert done.exit_code == 0, done.output
    return file


def ours() -> dict[str, int]:
    """Our trial balance under plain-text names."""
    titles = {one.code: account_name(one.kind, one.fund, one.code, one.title_en) for one in LedgerAccount.objects.all()}
    return {titles[row.code]: row.closing for row in trial_balance(everything())}


@pytest.mark.skipif(shutil.which("hledger") is None, reason="hledger is not installed")
def test_hledger_accepts_the_whole_ledger_and_its_balances_are_ours(office: Any, tmp_path: Path) -> None:
    file = exported("hledger", tmp_path)
    subprocess.run(["hledger", "-f", file, "check", "--strict"], check=True, timeout=120)
    told = subprocess.run(
        ["hledger", "-f", file, "balance", "--flat", "--empty", "--no-total", "-O", "csv"],
        check=True, timeout=120, capture_output=True, text=True,
    ).stdout  # fmt: skip
    found = [line.strip('"').split('","') for line in told.splitlines()[1:]]
    theirs = {name: int(Decimal(amount.removesuffix(" USD")).scaleb(2)) for name, amount in found}
    assert {name: cents for name, cents in theirs.items() if cents} == {n: c for n, c in ours().items() if c}


def test_bean_check_accepts_the_whole_ledger_and_its_balances_are_ours(office: Any, tmp_path: Path) -> None:
    """Beancount is told our balances as assertions, and finds them in its own sums."""
    file, program = exported("beancount", tmp_path), Path(sys.executable).with_name("bean-check")
    if not program.exists():
        pytest.skip("bean-check is not installed")
    with file.open("a", encoding="utf-8") as more:
        more.writelines(f"2099-01-01 balance {name}  {money(cents)}\n" for name, cents in ours().items())
    done = subprocess.run([program, "--no-cache", file], timeout=240, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    with file.open("a", encoding="utf-8") as more:
        more.write(f"2099-01-01 balance {next(iter(ours()))}  {money(next(iter(ours().values())) + 1)}\n")
    assert subprocess.run([program, "--no-cache", file], timeout=240, capture_output=True).returncode == 1
