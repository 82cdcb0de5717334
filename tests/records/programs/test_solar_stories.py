"""Net metering in the office's words: months that bank, use, settle, end, are shared and are corrected."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from tests.records.programs.sunny import Lane, first_of

from meterbook.engine.programs.net_metering.movements import Carried
from meterbook.records.billing.models import Bill, BillRun
from meterbook.records.billing.operations.cancel_run import cancel_run
from meterbook.records.corrections.calculating.standing import of_agreement
from meterbook.records.corrections.operations.calculate_case import calculate_case
from meterbook.records.corrections.operations.open_case import open_case
from meterbook.records.corrections.operations.post_case import decide_case, post_case, request_case
from meterbook.records.customers.models import ServiceAgreement
from meterbook.records.ledger.check import check_laws
from meterbook.records.programs.models import NetMeteringAccount, NetMeteringEntry
from meterbook.records.programs.net_metering import queries
from meterbook.records.programs.net_metering.posting import BankMoved, opening_of
from meterbook.records.programs.net_metering.reconcile import compared
from meterbook.records.programs.net_metering.refusals import NetMeteringRefused
from meterbook.records.programs.net_metering.standing import bank_of, ledger_sums, standing
from meterbook.reports.asking import asked
from meterbook.reports.net_metering_reconciliation import REPORT

pytestmark = pytest.mark.django_db
KWH = 10**6


def bank(nem: NetMeteringAccount) -> Carried:
    """What the sums of the ledger say."""
    return bank_of(ledger_sums(nem))


def test_imports_of_500_and_exports_of_620_bank_120_and_pay_nothing(lane: Lane) -> None:
    home = lane.home("10", "NEM-K")
    nem = lane.enrol(home, "nem-kwh", true_up=12)
    lane.used(home, 0, 500, 620)
    run = lane.bill(0)
    assert lane.bill_of(home, run).current_cents == 1000, "the customer charge"
    assert bank(nem) == Carried(kwh_e6=120 * KWH)
    entry = NetMeteringEntry.objects.get(nem=nem)
    assert (entry.imports_e6, entry.exports_e6, entry.banked_e6) == (500 * KWH, 620 * KWH, 120 * KWH)


def test_the_bank_is_used_before_anything_is_billed_and_only_true_up_pays(lane: Lane) -> None:
    home = lane.home("11", "NEM-K")
    nem = lane.enrol(home, "nem-kwh", true_up=7)
    lane.used(home, 0, 500, 620)
    first = lane.bill(0)
    assert lane.bill_of(home, first).current_cents == 1000, "the customer charge alone"
    assert bank(nem) == Carried(kwh_e6=120 * KWH)
    lane.used(home, 1, 300, 100)
    second = lane.bill(1)
    assert lane.bill_of(home, second).current_cents == 1000 + 80 * 20
    assert bank(nem) == Carried()
    lane.used(home, 2, 100, 150)
    assert lane.bill_of(home, lane.bill(2)).current_cents == 1000
    lane.used(home, 3, 100, 150)
    july = lane.bill(3)
    entry = NetMeteringEntry.objects.get(nem=nem, run_id=july.pk)
    assert (entry.settles, entry.paid_e6, entry.surplus_cents) == (True, 100 * KWH, 584)
    assert lane.bill_of(home, july).current_cents == 1000 + 3063 - 584
    assert bank(nem) == Carried()


def test_credits_in_dollars_lower_energy_to_nothing_wait_and_are_paid_at_the_end_of_the_year(lane: Lane) -> None:
    home = lane.home("12", "NEM-D")
    nem = lane.enrol(home, "nem-dollar", true_up=6)
    lane.used(home, 0, 100, 400)
    april = lane.bill(0)
    assert lane.bill_of(home, april).current_cents == 1000, "20.00 of energy against 48.00 of credits"
    assert bank(nem) == Carried(cents=2800)
    lane.used(home, 1, 200, 50)
    may = lane.bill(1)
    assert lane.bill_of(home, may).current_cents == 1000 + 4000 - 600 - 2800
    assert bank(nem) == Carried()
    lane.used(home, 2, 50, 200)
    june = lane.bill(2)
    entry = NetMeteringEntry.objects.get(nem=nem, run_id=june.pk)
    assert (entry.earned_cents, entry.paid_cents, entry.settles) == (2400, 1400, True)
    assert lane.bill_of(home, june).current_cents == 1000 + 1000 - 2400
    assert bank(nem) == Carried()
    assert [law.name for law in check_laws() if law.offences] == []


def test_a_home_that_moves_out_is_settled_by_its_last_bill(lane: Lane) -> None:
    home = lane.home("13", "NEM-K", until=first_of(2))
    nem = lane.enrol(home, "nem-kwh", true_up=12)
    lane.used(home, 0, 100, 180)
    lane.bill(0)
    lane.used(home, 1, 100, 120)
    last = lane.bill(1)
    entry = NetMeteringEntry.objects.get(nem=nem, run_id=last.pk)
    assert (entry.settles, entry.paid_e6, bank(nem)) == (True, 100 * KWH, Carried())


def test_net_billing_sells_at_once_and_the_ledger_keeps_what_it_earned(lane: Lane) -> None:
    home = lane.home("14", "E-RES")
    nem = lane.enrol(home, "net-billing")
    lane.used(home, 0, 400, 310)
    run = lane.bill(0)
    entry = NetMeteringEntry.objects.get(nem=nem)
    assert (entry.exports_e6, entry.earned_cents, entry.billed_e6) == (310 * KWH, 1885, 400 * KWH)
    assert bank(nem) == Carried()
    assert run.totals["bills"] == 1


def test_an_option_the_tariff_does_not_have_is_refused_and_so_is_a_second_enrolment(lane: Lane) -> None:
    home = lane.home("18", "NEM-D")
    for option in ("net-billing", "nem-kwh"):
        with pytest.raises(NetMeteringRefused, match="no net metering of the kind"):
            lane.enrol(home, option)
    lane.enrol(home, "nem-dollar")
    with pytest.raises(NetMeteringRefused, match="enrolled already"):
        lane.enrol(home, "nem-dollar")


def test_a_run_priced_with_a_bank_that_has_moved_does_not_post(lane: Lane) -> None:
    home = lane.home("15", "NEM-K")
    nem = lane.enrol(home, "nem-kwh", true_up=12)
    lane.used(home, 0, 100, 180)
    run = lane.calculate(0)
    NetMeteringEntry.objects.create(
        nem=nem, kind="opening", starts=first_of(0), ends=first_of(0), opened_e6=5 * KWH, after_e6=5 * KWH,
        deed=lane.deed,
    )  # fmt: skip
    with pytest.raises(BankMoved, match="bank_kwh was 0 millionths"):
        lane.post(run)
    assert BillRun.objects.get(pk=run.pk).status == BillRun.CALCULATED


def test_what_another_system_carried_opens_the_ledger_and_is_used_first(lane: Lane) -> None:
    home = lane.home("16", "NEM-K")
    nem = lane.enrol(home, "nem-kwh", true_up=12, opening_e6=30 * KWH)
    lane.used(home, 0, 100, 20)
    run = lane.bill(0)
    assert lane.bill_of(home, run).current_cents == 1000 + 50 * 20
    assert bank(nem) == Carried()


def test_three_homes_share_what_one_roof_feeds_in_to_the_last_millionth(lane: Lane) -> None:
    from meterbook.records.programs.net_metering.operations.share import share_exports

    roof, left, right = (lane.home(number, "NEM-K", exports=number == "20") for number in ("20", "21", "22"))
    nems = [lane.enrol(home, "nem-kwh", true_up=12) for home in (roof, left, right)]
    with pytest.raises(NetMeteringRefused, match="exactly 100"):
        share_exports(
            lane.act(), generator=nems[0], name="Roof", percents={nems[1].pk: Decimal(50)}, starts=first_of(0)
        )
    percents = {nems[0].pk: Decimal("33.3334"), nems[1].pk: Decimal("33.3333"), nems[2].pk: Decimal("33.3333")}
    share_exports(lane.act(), generator=nems[0], name="Roof", percents=percents, starts=first_of(0))
    for home in (roof, left, right):
        lane.used(home, 0, 100, 400)
    lane.bill(0)
    entry = NetMeteringEntry.objects.get(nem=nems[0], kind="period")
    got = list(
        NetMeteringEntry.objects.filter(shared_from=entry).order_by("nem_id").values_list("waiting_e6", flat=True)
    )
    assert got == [133_333_200, 133_333_200] and entry.given_e6 == sum(got)
    assert entry.exports_e6 - entry.given_e6 == 133_333_600
    assert bank(nems[1]) == Carried(), "what came with this run counts on the next bill"
    for home in (roof, left, right):
        lane.used(home, 1, 100, 0)
    lane.bill(1)
    later = NetMeteringEntry.objects.get(nem=nems[1], kind="period", starts=first_of(1))
    assert (later.waiting_e6, bank(nems[1])) == (-133_333_200, Carried(kwh_e6=33_333_200))


def test_a_grandfathering_day_and_power_are_kept(lane: Lane) -> None:
    home = lane.home("17", "NEM-K")
    nem = lane.enrol(home, "nem-kwh", grandfathered_until=date(2036, 4, 1), capacity_w=5400)
    nem.refresh_from_db()
    assert (nem.grandfathered_until, nem.capacity_w) == (date(2036, 4, 1), 5400)


def test_a_corrected_month_says_what_must_follow_and_holds_the_next_bill_until_it_does(lane: Lane) -> None:
    home = lane.home("30", "NEM-K")
    nem = lane.enrol(home, "nem-kwh", true_up=12)
    for month, (imports, exports) in enumerate([(500, 620), (300, 100), (100, 100)]):
        lane.used(home, month, imports, exports)
        lane.bill(month)
    assert bank(nem) == Carried()
    lane.reread(home, 0, "received", 30)
    lane.used(home, 3, 100, 90)
    rebilled(lane, home, first_of(0), first_of(1))
    assert [each.starts for each in queries.unsettled_periods(nem)] == [first_of(1)]
    waiting_run = lane.calculate(3)
    assert waiting_run.holds.get(account=home.account).reason == "bank_unsettled"
    cancel_run(lane.act(), run=waiting_run)
    rebilled(lane, home, first_of(1), first_of(2))
    assert queries.unsettled_periods(nem) == []
    entry = standing([nem.pk])[nem.pk][1]
    assert (entry.before_e6, entry.used_e6, entry.billed_e6) == (150 * KWH, 150 * KWH, 80 * KWH)


def test_a_correction_of_several_months_carries_the_bank_through_them(lane: Lane) -> None:
    home = lane.home("31", "NEM-D")
    nem = lane.enrol(home, "nem-dollar", true_up=12)
    charged = 0
    for month, (imports, exports) in enumerate([(100, 400), (200, 50), (60, 90)]):
        lane.used(home, month, imports, exports)
        charged += lane.bill_of(home, lane.bill(month)).current_cents
    lane.reread(home, 0, "received", -100)
    rebilled(lane, home, first_of(0), first_of(3))
    now = sum(bill.current_cents for bill in Bill.objects.filter(account=home.account))
    assert now == charged, "what April feeds in less, May feeds in more, and credits lower what they did"
    assert bank(nem) == opening_of(nem) == Carried(cents=0)
    assert queries.unsettled_periods(nem) == []
    assert [law.name for law in check_laws() if law.offences] == []
    months = standing([nem.pk])[nem.pk]
    assert [(each.before_cents, each.after_cents) for each in months] == [(0, 1600), (1600, 0), (0, 0)]


def test_the_reconciliation_holds_after_each_month_and_names_a_register_read_again(lane: Lane) -> None:
    homes = [lane.home("40", "NEM-K"), lane.home("41", "NEM-D"), lane.home("42", "E-RES")]
    options = ("nem-kwh", "nem-dollar", "net-billing")
    nems = [lane.enrol(home, option, true_up=12) for home, option in zip(homes, options, strict=True)]
    for month, (imports, exports) in enumerate([(500, 620), (300, 100)]):
        for home in homes:
            lane.used(home, month, imports, exports)
        lane.bill(month)
        assert [one.problems for one in compared(nems)] == [(), (), ()]
    lane.reread(homes[0], 1, "received", 7)
    assert [one.problems for one in compared(nems)] == [("exports",), (), ()]
    found = asked(REPORT, {"shown": "wrong"}, lane.today)
    assert [(row["account"], row["what"]) for row in REPORT.rows(found)] == [("3000040", "exports and registers")]


def rebilled(lane: Lane, home: ServiceAgreement, since: date, until: date) -> None:
    """A correction of a home's bills, from case to posting."""
    found = of_agreement(home.pk, since, until)
    case = open_case(
        lane.act(reason="the register was misread"), standing=found, cause="misread", scope="bills",
        discovered_on=lane.today,
    )  # fmt: skip
    case = calculate_case(lane.act(reason="correction"), case=case)
    request_case(lane.act(reason="correction"), case=case)
    decide_case(lane.act("finance", "the difference is right"), case=case, approve=True)
    post_case(lane.act(reason="correction"), case=case)
