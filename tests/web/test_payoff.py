"""What pays an account off, for the title company."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest
from django.urls import reverse
from tests.web.conftest import SignedIn
from tests.web.office import BEGAN, BILL_2, Office

from meterbook.records.billing.models import Line, Segment
from meterbook.records.fees.models import ServiceCharge
from meterbook.records.fees.payoff.figures import payoff
from meterbook.records.ledger.settle import balance_of
from meterbook.records.platform.models import Attachment

pytestmark = pytest.mark.django_db


def test_the_days_since_the_last_bill_are_estimated_at_its_daily_charge(office: Office) -> None:
    through = BILL_2 + timedelta(days=10)
    found = payoff(office.ben, day=BILL_2, good_through=through)
    segment = Segment.objects.get(run_id=office.run.pk, service_point__agreements__account=office.ben)
    charged = sum(Line.objects.filter(segment_id=segment.pk).values_list("amount_cents", flat=True))
    days = (through - segment.ends).days + 1
    a_day = Fraction(charged, (segment.ends - segment.starts).days)
    assert segment.starts >= BEGAN and found.balance_cents == sum(balance_of(office.ben.pk).values()) == 8_597
    assert found.unbilled_cents == int(a_day * days + Fraction(1, 2))
    assert found.a_day_cents == int(a_day + Fraction(1, 2))
    later = payoff(office.ben, day=BILL_2, good_through=through + timedelta(days=1))
    assert abs(later.total_cents - found.total_cents - found.a_day_cents) <= 1


def test_a_title_company_gets_its_letter_in_two_actions(office: Office, signed_in: SignedIn) -> None:
    csr, at = signed_in("csr"), reverse("payoff", args=[office.ana.number])
    assert "none on record" in csr.get(at).content.decode()
    typed = {"good_through": "9/18/2026", "language": "es", "fee_for": "", "requester": "Alder Title Co."}
    assert csr.post(at, typed | {"requester": ""}).status_code == 422
    too_far = csr.post(at, typed | {"good_through": "12/18/2026"})
    assert too_far.status_code == 422 and "at most 60 days ahead" in too_far.content.decode()
    letter = csr.post(at, typed | {"fee_for": "water"})
    assert letter.content.startswith(b"%PDF")
    assert ServiceCharge.objects.get(account=office.ana, code="lien_search").state == "booked"
    assert Attachment.objects.filter(subject=f"account:{office.ana.pk}", file_name__startswith="payoff-").count() == 1
    assert signed_in("auditor").post(at, typed).status_code == 403
