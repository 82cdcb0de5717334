"""Three years nobody wrote: money nobody asks for, step by step; the owner who comes after all."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pypdf
import pytest
from django.db import transaction

from meterbook.engine.billing.refunding.dormancy import WrongDates, months_on
from meterbook.formats import naupa
from meterbook.formats.ap_checks import CheckStatus, write_statuses
from meterbook.notices.refund_letter import NoSuchRefund
from meterbook.notices.refund_letter import render_letter as refund_letter
from meterbook.notices.unclaimed_letter import render_letter as owner_letter
from meterbook.notices.unclaimed_list import render_list
from meterbook.records.adjustments.proofs import Proof
from meterbook.records.ledger.check import check_laws
from meterbook.records.platform.operations.approvals import SamePerson, decide_approval
from meterbook.records.platform.operations.release_policy import propose_policy, release_policy
from meterbook.records.platform.policies import released
from meterbook.records.refunds.models import Unclaimed
from meterbook.records.refunds.operations.export_checks import export_checks
from meterbook.records.refunds.operations.take_statuses import take_statuses
from meterbook.records.refunds.refusals import NotNow
from meterbook.records.refunds.unclaimed.operations.claim import claim_unclaimed, decide_claim
from meterbook.records.refunds.unclaimed.operations.find_unclaimed import find_unclaimed
from meterbook.records.refunds.unclaimed.operations.publish import prove_publication, publish
from meterbook.records.refunds.unclaimed.operations.take_over import ask_take_over, take_over
from meterbook.records.refunds.unclaimed.operations.tell_owner import record_contact, send_letters
from meterbook.records.refunds.unclaimed.state_report import state_report

pytestmark = pytest.mark.django_db


def sound() -> bool:
    return all(law.holds for law in check_laws())


def words_of(pdf: bytes) -> str:
    return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def to(desk: Any, day: date) -> None:
    desk.later((day - desk.office.today).days)


def hers(desk: Any) -> Unclaimed:
    return Unclaimed.objects.get(account=desk.maria)


def test_three_years_nobody_wrote(desk: Any, role_balance: Callable[[str], int]) -> None:
    """A credit of a closed account: letter, two notices a week apart, 45 days, the newspaper's proof, two people."""
    desk.moves_out(4_317)
    closed = desk.office.today
    to(desk, months_on(closed, 36) - timedelta(days=100))
    assert desk.maria.pk not in {one.account_id for one in find_unclaimed(desk.office.act("billing"))}
    desk.later(10)
    found = find_unclaimed(desk.office.act("billing"))
    assert desk.maria.pk in {one.account_id for one in found}
    assert find_unclaimed(desk.office.act("billing")) == []
    total = sum(one.amount_cents for one in Unclaimed.objects.filter(state="found"))
    assert desk.owed() == 0 and role_balance("unclaimed") == -total and sound()
    send_letters(desk.office.act("billing"))
    assert "$43.17" in words_of(owner_letter(hers(desk).pk, "en", desk.office.today))
    assert "43.17" in words_of(owner_letter(hers(desk).pk, "es", desk.office.today))
    first = months_on(closed, 36) + timedelta(days=1)
    to(desk, first - timedelta(days=1))
    with pytest.raises(NotNow), transaction.atomic():
        ask_take_over(desk.office.act("supervisor"))
    with pytest.raises(WrongDates), transaction.atomic():
        publish(desk.office.act("supervisor"), rule="three_years", first_on=first, claim_by=first + timedelta(days=61))
    listed = publish(desk.office.act("supervisor"), rule="three_years", first_on=first)
    assert ((listed.second_on - first).days, (listed.claim_by - first).days) == (7, 45)
    printed = words_of(render_list(listed.pk, "en"))
    assert "$43.17" in printed and desk.maria.holder.name in printed
    to(desk, listed.claim_by + timedelta(days=1))
    with pytest.raises(NotNow, match="every step"), transaction.atomic():
        ask_take_over(desk.office.act("supervisor"))
    prove_publication(
        desk.office.act("billing"), publication=listed, file_name="affidavit.pdf", content_type="application/pdf",
        content=b"%PDF printed twice",
    )  # fmt: skip
    asked = ask_take_over(desk.office.act("supervisor"))
    with pytest.raises(SamePerson), transaction.atomic():
        take_over(desk.office.act("supervisor"), request=asked, approve=True)
    before = role_balance("unclaimed")
    ended = take_over(desk.office.act("finance"), request=asked, approve=True)
    assert hers(desk).state == "taken_over" and hers(desk) in ended
    assert role_balance("unclaimed") == before + sum(one.amount_cents for one in ended)
    kinds = list(hers(desk).steps.order_by("done_on", "pk").values_list("kind", flat=True))
    assert kinds == ["found", "letter", "published", "proof", "taken_over"] and sound()


def test_below_fifteen_dollars_one_year_and_no_newspaper(desk: Any, role_balance: Callable[[str], int]) -> None:
    desk.moves_out(1_499)
    closed = desk.office.today
    to(desk, months_on(closed, 12) - timedelta(days=90))
    find_unclaimed(desk.office.act("billing"))
    to(desk, months_on(closed, 12))
    with pytest.raises(NotNow), transaction.atomic():
        ask_take_over(desk.office.act("supervisor"))
    send_letters(desk.office.act("billing"), properties=[hers(desk)])
    desk.later(44)
    with pytest.raises(NotNow), transaction.atomic():
        ask_take_over(desk.office.act("supervisor"))
    desk.later(1)
    take_over(desk.office.act("finance"), request=ask_take_over(desk.office.act("supervisor")), approve=True)
    assert hers(desk).state == "taken_over" and sound()


def test_the_owner_comes_after_all(desk: Any, role_balance: Callable[[str], int]) -> None:
    """A refund check nobody cashed is stale and set aside; the owner claims it, somebody else grants it."""
    desk.moves_out(50_000)
    refund = desk.refunded()
    with pytest.raises(NoSuchRefund):
        refund_letter(refund.pk + 1, "en", desk.office.today)
    assert "$500.00" in words_of(refund_letter(refund.pk, "en", desk.office.today))
    export_checks(desk.office.act("billing"))
    payout = refund.payouts.get()
    row = CheckStatus(0, str(payout.pk), "50021", "issued", desk.office.today, payout.amount_cents)
    take_statuses(desk.office.act("billing"), content=write_statuses([row]), file_name="ap.csv")
    assert role_balance("refunds") == 0
    to(desk, months_on(desk.office.today, 35))
    find_unclaimed(desk.office.act("billing"))
    payout.refresh_from_db()
    assert payout.state == "stale" and payout.refund.state == "unclaimed" and hers(desk).refund == refund and sound()
    card = Proof("license.jpg", "image/jpeg", b"\xff\xd8 her face")
    asked: dict[str, Any] = {
        "unclaimed": hers(desk), "claimant": "Maria's daughter", "lines": ["9 Elm St"], "grounds": "only heir",
    }  # fmt: skip
    with pytest.raises(NotNow), transaction.atomic():
        claim_unclaimed(desk.office.act("csr"), **asked)
    claim = claim_unclaimed(desk.office.act("csr"), **asked, proofs=[card])
    with pytest.raises(NotNow), transaction.atomic():
        claim_unclaimed(desk.office.act("csr"), **asked, proofs=[card])
    held = role_balance("unclaimed")
    decided = decide_claim(desk.office.act("supervisor"), claim=claim, grant=True)
    assert decided.refund is not None and decided.refund.payee == "Maria's daughter"
    assert role_balance("unclaimed") == held + 50_000 and role_balance("refunds") == -50_000
    assert hers(desk).state == "claimed" and decided.refund.payouts.get().state == "waiting" and sound()


def test_a_word_from_the_owner_begins_the_years_again(desk: Any) -> None:
    desk.moves_out(4_317)
    to(desk, months_on(desk.office.today, 35))
    find_unclaimed(desk.office.act("billing"))
    send_letters(desk.office.act("billing"), properties=[hers(desk)])
    desk.later(50)
    record_contact(desk.office.act("csr"), unclaimed=hers(desk), note="she called; will send a letter")
    with pytest.raises(NotNow), transaction.atomic():
        publish(desk.office.act("supervisor"), rule="three_years", first_on=desk.office.today)


def test_where_the_law_sends_it_to_the_state(desk: Any, role_balance: Callable[[str], int]) -> None:
    """Another policy ends with the state: the money leaves the bank and stands in the state's report."""
    with pytest.raises(NotNow):
        state_report(2024, desk.office.today)
    old = released("unclaimed-money", desk.office.today)
    assert old is not None
    enact(desk.office, old.body.replace("ends: city", "ends: state").replace("2024-01-01", "2024-02-01"))
    desk.moves_out(1_499)
    cash = role_balance("cash")
    to(desk, months_on(desk.office.today, 12))
    find_unclaimed(desk.office.act("billing"))
    send_letters(desk.office.act("billing"))
    desk.later(45)
    take_over(desk.office.act("finance"), request=ask_take_over(desk.office.act("supervisor")), approve=True)
    ended = Unclaimed.objects.filter(state="reported")
    assert hers(desk) in ended and role_balance("cash") == cash - sum(one.amount_cents for one in ended) and sound()
    report = naupa.parse(state_report(desk.office.today.year, desk.office.today))
    assert report.remitted_cents == sum(one.amount_cents for one in ended) and len(report) == len(ended)
    assert desk.maria.number in {one.account for one in report.properties}


def enact(office: Any, text: str) -> None:
    """Another edition of a policy, by two people."""
    asked = propose_policy(office.act("supervisor"), text=text, file="another.yaml")
    decide_approval(office.act("finance"), request=asked, approve=True)
    asked.refresh_from_db()
    release_policy(office.act("finance"), text=text, file="another.yaml", approval=asked)
