"""A sealed run is recomputed from what it stored, to the cent; whatever was tampered with is found, and where."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from meterbook.jobs.replay import replay_run
from meterbook.records.billing.models import Bill, BillRun
from meterbook.records.billing.operations.cancel_run import cancel_run
from meterbook.records.billing.operations.post_run import post_run, request_posting
from meterbook.records.billing.replay import Difference, NotSealed, Replayed, parts_of, replay, replay_part, tariffs_of
from meterbook.records.platform.deeds import Act
from meterbook.records.platform.models import Document
from meterbook.records.platform.queries import user_named

pytestmark = pytest.mark.django_db
Rows = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture
def run(office: Any) -> BillRun:
    """The November run of cycle C1, calculated in chunks of four accounts."""
    office.read("C1", 3)
    return office.calculate(office.plan("C1", 3, chunk_accounts=4))  # type: ignore[no-any-return]


def unguarded(sql: str, params: list[Any] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, params)
        assert cursor.rowcount == 1
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def tamper(table: str, change: str, where: str = "true") -> None:
    """Change stored rows as only the owner of the database can: with its guards switched off."""
    unguarded(f"UPDATE {table} SET {change} WHERE {where}")


def first(rows: Rows, run: BillRun, commodity: str) -> tuple[int, str, str]:
    """A segment of the run: its id, the bill's number and the account's."""
    return rows(
        f"SELECT s.id, b.number, a.number FROM billing_segment_run_{run.pk} s JOIN billing_bill b ON b.id = s.bill_id"
        f" JOIN customers_account a ON a.id = b.account_id WHERE s.commodity = '{commodity}' AND s.amount_cents > 0"
        " ORDER BY s.id LIMIT 1"
    )[0]  # type: ignore[return-value]


def whats(found: list[Difference]) -> list[str]:
    return [each.what for each in found]


class TestUntouched:
    """What nobody touched is the same to the cent, before posting and after it."""

    def test_a_calculated_run(self, run: BillRun) -> None:
        seen: list[tuple[int, int]] = []
        made = replay(run, told=lambda done, of: seen.append((done, of)))
        assert [str(each) for each in made.compared.where] == []
        assert made.compared.differences == 0
        assert (made.compared.bills, made.compared.lines) == (run.totals["bills"], run.totals["lines"])
        assert made.compared.segments == sum(each["segments"] for each in run.totals["services"].values())
        assert not made.code_changed
        assert seen[-1] == (15, 15)
        assert len(seen) == 4, "chunk by chunk"

    def test_a_posted_run_whose_reads_and_facts_are_gone(self, office: Any, rows: Rows) -> None:
        posted = BillRun.objects.filter(status="posted").order_by("pk")[0]
        with transaction.atomic(), connection.cursor() as cursor:
            for table in ("metering_usage", "places_determinant", "metering_read"):
                cursor.execute(f"ALTER TABLE {table} RENAME TO {table}_gone")
            made = replay(posted)
            assert (made.compared.differences, made.compared.bills) == (0, posted.totals["bills"])
            transaction.set_rollback(True)

    def test_the_tariffs_are_in_the_seal(self, run: BillRun) -> None:
        used = Document.objects.filter(sha256__in=run.totals["tariffs"].values())
        assert len(used) == len(run.totals["tariffs"]) >= 4
        assert {f"{document.code} release {document.sequence}" for document in used} == set(run.totals["tariffs"])
        assert request_posting_shows(run, "tariffs") == run.totals["tariffs"]

    def test_changed_code_is_said_and_compared_all_the_same(self, run: BillRun) -> None:
        BillRun.objects.filter(pk=run.pk).update(code_sha256="0" * 64)
        run.refresh_from_db()
        made = replay(run)
        assert made.code_changed
        assert made.as_json()["code_sha256"] == "0" * 64
        assert (made.compared.differences, made.compared.bills) == (0, run.totals["bills"])

    def test_only_a_sealed_run_is_replayed(self, office: Any, run: BillRun) -> None:
        cancel_run(office.act("billing"), run=run)
        run.refresh_from_db()
        with pytest.raises(NotSealed, match="is cancelled"):
            replay(run)


def request_posting_shows(run: BillRun, key: str) -> Any:
    with transaction.atomic():
        request = request_posting(Act(user_named("billing"), run.bill_date, reason="to see"), run=run)
        shown = request.preview[key]
        transaction.set_rollback(True)
    return shown


class TestTampered:
    """Whatever is changed behind the program's back is found, with its place."""

    def test_a_line(self, run: BillRun, rows: Rows) -> None:
        segment, bill, account = first(rows, run, "water")
        tamper(f"billing_line_run_{run.pk}", "amount_cents = amount_cents + 1", f"segment_id = {segment} AND seq = 1")
        found = replay(run).compared
        line = next(each for each in found.where if each.what == "line")
        assert (line.account, line.bill, line.segment, line.service) == (account, bill, segment, "water")
        assert line.line.startswith("1 ")
        assert line.stored.partition(" = ")[0] == line.recomputed.partition(" = ")[0]
        stored, recomputed = (int(text.rpartition(" = ")[2].split()[0]) for text in (line.stored, line.recomputed))
        assert stored == recomputed + 1
        assert sorted(whats(found.where)) == ["bill", "line", "segment", "totals"]

    def test_a_price_that_leaves_the_amount(self, run: BillRun, rows: Rows) -> None:
        segment, _, _ = first(rows, run, "water")
        tamper(f"billing_line_run_{run.pk}", "price_e8 = price_e8 + 1", f"segment_id = {segment} AND seq = 1")
        found = replay(run).compared
        assert [(each.what, each.segment) for each in found.where] == [("line", segment)]

    def test_a_line_taken_out(self, run: BillRun, rows: Rows) -> None:
        segment, _, _ = first(rows, run, "electricity")
        unguarded(f"DELETE FROM billing_line_run_{run.pk} WHERE segment_id = {segment} AND seq = 2")
        found = [each for each in replay(run).compared.where if each.what == "line"]
        assert [(each.segment, each.line.split()[0], each.stored) for each in found] == [(segment, "2", "no such line")]

    def test_sealed_inputs(self, run: BillRun, rows: Rows) -> None:
        segment, bill, account = first(rows, run, "water")
        change = (
            "inputs = jsonb_set(inputs, '{determinants,usage}', to_jsonb((inputs #>> '{determinants,usage}')::bigint"
        )
        tamper(f"billing_segment_run_{run.pk}", f"{change} + 90000000))", f"id = {segment}")
        found = replay(run).compared
        assert any(each.what == "inputs" and "chunk 0" in each.stored for each in found.where)
        line = next(each for each in found.where if each.what == "line")
        assert (line.account, line.bill, line.segment) == (account, bill, segment)
        why = next(each for each in found.where if each.what == "explanation")
        assert (why.segment, "reads add up to usage" in why.recomputed) == (segment, True)

    def test_inputs_that_no_charge_rests_on(self, run: BillRun, rows: Rows) -> None:
        segment, _, _ = first(rows, run, "water")
        tamper(f"billing_segment_run_{run.pk}", """inputs = inputs || '{"note": "nothing"}'""", f"id = {segment}")
        assert whats(replay(run).compared.where) == ["inputs"]

    def test_a_document(self, run: BillRun, rows: Rows) -> None:
        document, code = rows(
            f"SELECT d.id, d.code FROM billing_segment_run_{run.pk} s JOIN platform_document d ON d.id = s.document_id"
            " WHERE s.commodity = 'water' ORDER BY s.id LIMIT 1"
        )[0]
        body = Document.objects.get(pk=document).body
        digit = next(i for i, text in enumerate(body) if text == "9" and body[i - 2 : i].strip().startswith("."))
        changed = body[:digit] + "8" + body[digit + 1 :]
        unguarded("UPDATE platform_document SET body = %s WHERE id = %s", [changed, document])
        found = replay(run).compared
        assert [each.stored.split()[0] for each in found.where if each.what == "document"] == [code]

    def test_another_document_under_the_same_hash_is_not_what_was_sealed(self, run: BillRun, rows: Rows) -> None:
        name, sha256 = next(iter(run.totals["tariffs"].items()))
        tamper("platform_document", f"sha256 = '{'1' * 64}'", f"sha256 = '{sha256}'")
        found = replay(run).compared
        assert {"document", "totals"} <= set(whats(found.where))
        assert any(name in each.stored for each in found.where)

    def test_a_bill_s_head(self, run: BillRun) -> None:
        bill = Bill.objects.filter(run=run).order_by("pk")[2]
        tamper("billing_bill", "previous_cents = previous_cents - 500", f"id = {bill.pk}")
        assert [(each.what, each.stored.split()[0]) for each in replay(run).compared.where] == [("totals", "seal")]
        tamper("billing_bill", "ends = ends + 9", f"id = {bill.pk}")
        assert ("bill", bill.number) in [(each.what, each.bill) for each in replay(run).compared.where]


def test_two_processes_find_what_one_finds(another: Callable[[], Any], rows: Rows) -> None:
    with another() as office:
        office.read("C1", 3)
        run = office.post(office.calculate(office.plan("C1", 3, chunk_accounts=4)))
        assert replay_run(run, workers=2).as_json() == replay(run).as_json()
        with transaction.atomic():
            segment, _, _ = first(rows, run, "water")
            tamper(f"billing_line_run_{run.pk}", "quantity_e6 = 7", f"segment_id = {segment} AND seq = 1")
        twice = replay_run(run, workers=2)
        assert [(each.what, each.segment) for each in twice.compared.where] == [("line", segment)]


class TestTakenBack:
    """A segment that takes another back is that one, negated."""

    @pytest.fixture
    def reversed_run(self, run: BillRun) -> Iterator[tuple[BillRun, int]]:
        """One posted segment taken back by hand in a calculated run, on the bill of the account's own."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT o.run_id, o.id, b.id FROM billing_segment o JOIN billing_bill p ON p.id = o.bill_id"
                f" JOIN billing_bill b ON b.account_id = p.account_id AND b.run_id = {run.pk}"
                " WHERE o.amount_cents > 0 ORDER BY o.id LIMIT 1"
            )
            of_run, original, bill = cursor.fetchone()
            cursor.execute("SELECT nextval('billing_segment_id_seq')")
            made = int(cursor.fetchone()[0])
            cursor.execute(f"""
                INSERT INTO billing_segment_run_{run.pk} (run_id, id, bill_id, agreement_id, service_point_id,
                       schedule_id, document_id, commodity, starts, ends, estimated, inputs, amount_cents, kind,
                       reverses_run_id, reverses_id)
                SELECT {run.pk}, {made}, {bill}, agreement_id, service_point_id, schedule_id, document_id, commodity,
                       starts, ends, estimated, inputs, -amount_cents, 'reversal', run_id, id
                  FROM billing_segment WHERE run_id = {of_run} AND id = {original}""")
            cursor.execute(f"""
                INSERT INTO billing_line_run_{run.pk} (run_id, id, segment_id, seq, component, part, version, starts,
                       ends, quantity_e6, price_e8, amount_cents)
                SELECT {run.pk}, nextval('billing_line_id_seq'), {made}, seq, component, part, version, starts, ends,
                       -quantity_e6, price_e8, -amount_cents
                  FROM billing_line WHERE run_id = {of_run} AND segment_id = {original}""")
        yield run, made

    def test_it_is_compared_with_what_it_takes_back(self, reversed_run: tuple[BillRun, int]) -> None:
        run, segment = reversed_run
        found = replay_raw(run)
        assert found.reversals == 1
        assert "reversal" not in whats(found.where)
        tamper(f"billing_line_run_{run.pk}", "price_e8 = price_e8 + 5", f"segment_id = {segment} AND seq = 1")
        wrong = [each for each in replay_raw(run).where if each.what == "reversal"]
        assert [each.segment for each in wrong] == [segment]

    def test_its_amount(self, reversed_run: tuple[BillRun, int]) -> None:
        run, segment = reversed_run
        tamper(f"billing_segment_run_{run.pk}", "amount_cents = amount_cents - 1", f"id = {segment}")
        wrong = [each for each in replay_raw(run).where if each.what == "reversal"]
        assert [(each.segment, each.recomputed.startswith("minus")) for each in wrong] == [(segment, True)]


def replay_raw(run: BillRun) -> Any:
    """Every part of a run whose totals were changed by hand; the run's own seal is left out."""
    tariffs, _ = tariffs_of(run)
    found = Replayed()
    for part in parts_of(run):
        found.add(replay_part(run, part, tariffs))
    return found


def test_posting_changes_nothing_that_was_sealed(office: Any, run: BillRun) -> None:
    office.approve(run)
    posted = post_run(office.act("billing"), run=run)
    assert replay(posted).compared.differences == 0
