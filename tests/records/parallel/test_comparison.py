"""A city goes live: the old system's bills of a month beside ours, and somebody signs for what is left."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from meterbook.formats.bills_csv import BillLine, parse, write
from meterbook.records.billing.models import BillRun
from meterbook.records.parallel.export import export_run
from meterbook.records.parallel.mapping import Mapping, WrongMapping, parse_mapping
from meterbook.records.parallel.models import ComparedBill, Comparison
from meterbook.records.parallel.operations.compare_bills import (
    CannotCompare,
    NoteNeeded,
    OwnComparison,
    compare_bills,
    sign_off,
)
from meterbook.records.platform.deeds import NotPermitted

pytestmark = pytest.mark.django_db
#: Our own charges by their own names: what `bills export` writes.
OURS = Mapping("Upgrade")


def lines_of(run: BillRun) -> list[BillLine]:
    return parse(export_run(run)).lines


def mapping_of(lines: list[BillLine]) -> Mapping:
    return Mapping("Old system", {}, {line.charge: (line.charge,) for line in lines})


def compared(office: Any, lines: list[BillLine], run: BillRun | None, name: str = "old.csv") -> Comparison:
    return compare_bills(
        office.act("billing"), file_name=name, content=write(lines), mapping=mapping_of(lines), run=run
    )


@pytest.fixture
def run(office: Any) -> BillRun:
    found = BillRun.objects.filter(status="posted", kind="cycle").order_by("-bill_date", "-id").first()
    assert found is not None
    return found


def test_an_upgrade_that_changes_nothing_is_equal_and_made_once(office: Any, run: BillRun) -> None:
    made = compared(office, lines_of(run), run)
    assert {name: made.totals[name] for name in ("equal", "explained", "unexplained")} == {
        "equal": run.bills.count(), "explained": 0, "unexplained": 0,
    }  # fmt: skip
    assert made.totals["ours_cents"] == made.totals["theirs_cents"] == run.totals["cents"]
    assert compared(office, lines_of(run), run).pk == made.pk
    sign_off(office.act("supervisor"), comparison=made, note="")


def test_posted_bills_of_the_days_are_found_without_naming_a_run(office: Any, run: BillRun) -> None:
    account = run.bills.order_by("account__number").first().account.number
    mine = [line for line in lines_of(run) if line.account == account]
    made = compared(office, mine, None)
    one = made.bills.get(account_number=account)
    assert (one.outcome, one.bill_id) == ("equal", run.bills.get(account__number=account).pk)
    assert made.totals["only_ours"] > 0, "accounts the file forgets are told, not passed over"


def test_a_misread_is_explained_and_a_cent_out_of_nowhere_is_not(office: Any, run: BillRun) -> None:
    lines = lines_of(run)
    metered = [line for line in lines if line.service == "water" and line.usage and line.usage > 3]
    wrong, odd = metered[0].account, next(line.account for line in metered if line.account != metered[0].account)
    told = [
        replace(line, amount_cents=line.amount_cents + 1) if line is first_of(lines, odd) else line for line in lines
    ]
    made = compared(office, told, run)
    assert made.totals["unexplained"] == 1
    left = made.bills.get(account_number=odd)
    assert (left.outcome, left.theirs_cents - left.ours_cents) == ("unexplained", 1)
    assert made.bills.get(account_number=wrong).outcome == "equal"
    with pytest.raises(NoteNeeded):
        sign_off(office.act("supervisor"), comparison=made, note="")
    with pytest.raises(NotPermitted):
        sign_off(office.act("billing"), comparison=made, note="one cent, their bill is wrong")
    own = compare_bills(
        office.act("supervisor"), file_name="old.csv", content=write(lines[:1]), mapping=mapping_of(lines), run=None
    )
    with pytest.raises(OwnComparison):
        sign_off(office.act("supervisor"), comparison=own, note="it is right, I made it myself")
    sign_off(office.act("supervisor"), comparison=made, note="one cent, their bill is wrong")


def first_of(lines: list[BillLine], account: str) -> BillLine:
    return next(line for line in lines if line.account == account)


def test_an_account_only_they_bill_is_unexplained(office: Any, run: BillRun) -> None:
    lines = lines_of(run)
    stranger = replace(lines[0], account="99999")
    made = compared(office, [*lines, stranger], run)
    assert made.totals["only_theirs"] == 1
    assert ComparedBill.objects.get(comparison=made, account_number="99999").outcome == "unexplained"


def test_a_row_that_cannot_be_read_stops_it(office: Any, run: BillRun) -> None:
    content = write(lines_of(run)[:1]).replace(b"water", b"").replace(b"electricity", b"").replace(b"refuse", b"")
    with pytest.raises(CannotCompare, match=r"old\.csv, line 2, service: found '', expected"):
        compare_bills(office.act("billing"), file_name="old.csv", content=content, mapping=OURS, run=run)
    assert Comparison.objects.count() == 0


def test_a_mapping_says_where_it_is_wrong() -> None:
    with pytest.raises(WrongMapping, match=r"m\.yaml: charges: W10: found 3, expected"):
        parse_mapping("charges: {W10: 3}", file="m.yaml")
    found = parse_mapping("system: Old\nservices: {WTR: water}\ncharges: {T: [a, b], S: c}", file="m.yaml")
    assert (found.components("T"), found.service("WTR"), found.service("Street Lights")) == (
        {"a", "b"}, "water", "street_lights",
    )  # fmt: skip


def test_their_usage_is_priced_by_our_tariff(office: Any, run: BillRun) -> None:
    """The old system read 1 unit more: its whole water part follows from that read, so it is explained."""
    from meterbook.engine.rates.explain import amounts
    from meterbook.records.parallel.ours import of_run

    bill = next(
        bill
        for bill in of_run(run)
        if any(s == "water" and p.facts.get("usage", 0) > 3 for s, _, p in bill.parts)  # type: ignore[operator]
    )
    point, part = next((point, part) for service, point, part in bill.parts if service == "water")
    usage = Decimal(part.facts["usage"]) + 1
    theirs = [line for line in lines_of(run) if line.account != bill.account or line.service != "water"]
    for line in amounts(part.tariff, part.starts, part.ends, {**part.facts, "usage": usage}):
        theirs.append(
            replace(
                theirs[0], account=bill.account, service="water", point=point, starts=part.starts, ends=part.ends,
                usage=usage, charge=line[0], label=line[0], amount_cents=line[4], price=None,
            )
        )  # fmt: skip
    made = compared(office, theirs, run)
    one = made.bills.get(account_number=bill.account)
    causes = [cause for each in one.parts for cause in each["causes"]]
    assert one.outcome == "explained"
    assert [(cause["kind"], Decimal(cause["theirs"])) for cause in causes] == [("reads", usage)]
    assert made.totals["unexplained"] == 0
