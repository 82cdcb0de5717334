"""Enacting tariffs: two people, cited, and released rates never rewritten."""

from __future__ import annotations

from datetime import date

import pytest

from meterbook.demo import sources
from meterbook.demo.founding import found_office
from meterbook.demo.stories import Staff
from meterbook.engine.rates.tariff import TariffError
from meterbook.records.ledger.operations.adopt_chart import WrongChart, parse_chart
from meterbook.records.platform.deeds import Act, NotPermitted
from meterbook.records.platform.models import Document
from meterbook.records.platform.operations.approvals import SamePerson, decide_approval
from meterbook.records.platform.operations.release_document import NotApproved
from meterbook.records.rates.models import Schedule
from meterbook.records.rates.operations.release_tariff import HistoryChanged, propose_tariff, release_tariff

pytestmark = pytest.mark.django_db
DAY = date(2024, 7, 1)
TEXT = (sources.TARIFF_DIR / "R-CART.yaml").read_text(encoding="utf-8")


@pytest.fixture
def staff() -> Staff:
    return found_office(password="correct-horse-battery")


def by(staff: Staff, who: str) -> Act:
    return Act(actor=staff[who], business_date=DAY, reason="test")


def enact(staff: Staff, text: str) -> Schedule:
    request = propose_tariff(by(staff, "billing"), text=text, file="R-CART.yaml")
    approval = decide_approval(by(staff, "supervisor"), request=request, approve=True)
    return release_tariff(by(staff, "supervisor"), text=text, file="R-CART.yaml", approval=approval)


def test_a_released_tariff_is_its_schedules_document(staff: Staff) -> None:
    schedule = enact(staff, TEXT)
    assert (schedule.code, schedule.commodity, schedule.document.body) == ("R-CART", "refuse", TEXT)
    assert "Resolution" in schedule.document.citation
    assert schedule.document.proposed_by != schedule.document.released_by


def test_the_same_text_again_changes_nothing(staff: Staff) -> None:
    assert enact(staff, TEXT).document_id == enact(staff, TEXT).document_id
    assert Document.objects.filter(kind="tariff").count() == 1


def test_nobody_approves_what_they_proposed(staff: Staff) -> None:
    request = propose_tariff(by(staff, "supervisor"), text=TEXT, file="R-CART.yaml")
    with pytest.raises(SamePerson):
        decide_approval(by(staff, "supervisor"), request=request, approve=True)


def test_an_unapproved_or_another_text_is_not_released(staff: Staff) -> None:
    request = propose_tariff(by(staff, "billing"), text=TEXT, file="R-CART.yaml")
    with pytest.raises(NotApproved):
        release_tariff(by(staff, "supervisor"), text=TEXT, file="R-CART.yaml", approval=request)
    approval = decide_approval(by(staff, "supervisor"), request=request, approve=True)
    with pytest.raises(NotApproved):
        other = TEXT.replace("25.43", "26.43")
        release_tariff(by(staff, "supervisor"), text=other, file="R-CART.yaml", approval=approval)
    with pytest.raises(NotPermitted):
        release_tariff(by(staff, "billing"), text=TEXT, file="R-CART.yaml", approval=approval)


def test_a_released_version_cannot_change_but_one_can_follow_it(staff: Staff) -> None:
    enact(staff, TEXT)
    with pytest.raises(HistoryChanged, match="was released and must"):
        propose_tariff(by(staff, "billing"), text=TEXT.replace("25.43", "26.43"), file="R-CART.yaml")
    version = TEXT[TEXT.index("  - version:") :]
    later = version.replace("2024-01-01", "2027-01-01").replace('"2024-01"', '"2027-01"').replace("25.43", "26.43")
    schedule = enact(staff, TEXT.rstrip("\n") + "\n" + later)
    assert schedule.document.sequence == 2
    assert schedule.document.effective == date(2027, 1, 1)
    with pytest.raises(HistoryChanged):
        propose_tariff(by(staff, "billing"), text=TEXT, file="R-CART.yaml")


def test_a_wrong_document_is_refused_before_anybody_is_asked(staff: Staff) -> None:
    with pytest.raises(TariffError, match=r"R-CART\.yaml"):
        propose_tariff(by(staff, "billing"), text=TEXT.replace("by_size", "by_magic"), file="R-CART.yaml")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('code: "1010"', "code: 1010", "quote a code of digits"),
        ("role: cash", "role: purse", "expected one of receivable"),
        ("kind: asset, fund: utilities", "kind: thing, fund: utilities", "expected one of asset"),
        ('code: "1211"', 'code: "1221"', "1221 stands there twice"),
        (", role: suspense", "", "no account has the role suspense"),
        ("effective: 2024-07-01", "effective: soon", "effective"),
    ],
)
def test_a_wrong_chart_says_what_is_wrong(before: str, after: str, said: str) -> None:
    text = (sources.CITY_DIR / "chart_of_accounts.yaml").read_text(encoding="utf-8")
    with pytest.raises(WrongChart, match=said):
        parse_chart(text.replace(before, after), file="chart.yaml")
