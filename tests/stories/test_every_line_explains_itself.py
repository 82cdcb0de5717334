"""Every bill of a run explains every line, agrees with it, and the explanation is complete."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from meterbook.records.billing.explanations import NoSuchLine, as_json, explain_bill, explain_line, find_line
from meterbook.records.billing.models import Bill, BillRun, Line

pytestmark = pytest.mark.django_db
#: The run in which Ana leaves, rates change and Ben arrives.
RUN = "2026-04-15/C3"


@pytest.fixture
def bills(office: Any) -> list[Bill]:
    found = list(BillRun.objects.get(number=RUN).bills.order_by("number"))
    assert len(found) > 15
    return found


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_line_of_every_bill_agrees(bills: list[Bill], language: str) -> None:
    explained = 0
    for bill in bills:
        lines = explain_bill(bill.pk, language)
        assert all(line.agrees for line in lines), bill.number
        assert sum(line.amount_cents for line in lines) == bill.current_cents
        explained += len(lines)
    assert explained == BillRun.objects.get(number=RUN).totals["lines"] == Line.objects.filter(
        run_id=bills[0].run_id).count()  # fmt: skip


def test_every_explanation_is_complete_json(bills: list[Bill]) -> None:
    for bill in bills:
        for line in explain_bill(bill.pk):
            plain = json.loads(json.dumps(as_json(line), default=str))
            assert plain["sentences"], plain["label"]
            assert all(sentence.strip() and "{" not in sentence for sentence in plain["sentences"])
            assert {"utility", "resolution", "section", "url", "adopted"} <= set(plain["source"])
            assert plain["source"]["resolution"]
            assert plain["revenue"].isdigit()
            assert plain["code"].startswith("meterbook/engine/rates/components/")
            assert Decimal(plain["amount"]).scaleb(2) == plain["amount_cents"]
            assert date.fromisoformat(plain["last_day"]) == date.fromisoformat(plain["ends"]) - timedelta(days=1)
            for read in plain["reads"]:
                assert read["file"].endswith(".csv")
                assert read["line"] > 1


def test_a_line_of_usage_goes_back_to_its_reads(bills: list[Bill]) -> None:
    """Read − read is said with the numbers that stand on the registers."""
    seen = 0
    for bill in bills:
        for line in explain_bill(bill.pk):
            for read in line.reads:
                assert Decimal(read["quantity_e6"]).scaleb(-6) == read["quantity"]
                number = f"{Decimal(read['to_value']):,}"
                if line.component in ("water", "energy"):
                    assert number in " ".join(line.sentences), line.sentences
                    seen += 1
    assert seen > 20


def test_the_same_line_through_each_door(bills: list[Bill]) -> None:
    bill = bills[0]
    for line in explain_bill(bill.pk):
        row = Line.objects.get(run_id=bill.run_id, segment_id=line.segment_id, seq=line.seq)
        assert find_line(row.pk) == (bill.pk, line.segment_id, line.seq)
        assert explain_line(bill.pk, line.segment_id, line.seq) == line
    with pytest.raises(NoSuchLine, match="has no line 99"):
        explain_line(bill.pk, line.segment_id, 99)


def test_an_explanation_does_not_repeat_what_is_stored(office: Any, bills: list[Bill], rows: Any) -> None:
    """Slip a wrong amount in beside the line: the explanation, worked out anew, says that it does not agree."""
    bill = bills[0]
    first = explain_bill(bill.pk)[0]
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE billing_line_run_{bill.run_id} DISABLE TRIGGER posted_takes_no_more")
    rows("""INSERT INTO billing_line (run_id, id, segment_id, seq, component, part, version, starts, ends, quantity_e6,
                                      price_e8, amount_cents)
            SELECT run_id, 999999999, segment_id, 99, component, part, version, starts, ends, quantity_e6, price_e8,
                   amount_cents + 1 FROM billing_line WHERE run_id = %s AND segment_id = %s AND seq = %s
            RETURNING id""",
         [bill.run_id, first.segment_id, first.seq])  # fmt: skip
    told = {line.seq: line.agrees for line in explain_bill(bill.pk) if line.segment_id == first.segment_id}
    assert told.pop(99) is False
    assert all(told.values())
