"""Autopay on screen: enrolled at the counter, held drafts decided, files handed over, returns taken in."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.web import autopay
from tests.web.conftest import SignedIn
from tests.web.office import Office

from meterbook.records.autopay.models import BankFile, Draft, Enrolment
from meterbook.records.platform.models import Deed

pytestmark = pytest.mark.django_db
FORM = {
    "name": "Ben Ortiz", "routing": "122999992", "number": "1234567890", "account_type": "savings", "how": "phone",
    "by": "Ben Ortiz", "on": "9/8/2026", "language": "en",
}  # fmt: skip


def test_ben_is_enrolled_and_his_account_number_is_shown_nowhere(office: Office, signed_in: SignedIn) -> None:
    csr, address = signed_in("csr"), reverse("enrol_autopay", args=[office.ben.number])
    wrong = csr.post(address, {**FORM, "routing": "122999991"})
    assert wrong.status_code == 422 and "has a wrong digit" in wrong.content.decode()
    form = SimpleUploadedFile("signed.pdf", b"%PDF signed", "application/pdf")
    sent = csr.post(address, {**FORM, "evidence": form}, follow=True)
    page = sent.content.decode()
    assert "…7890" in page and "1234567890" not in page and "signed.pdf" in page
    assert "I authorise City Of Alder Bend" in page
    made = Enrolment.objects.get(account=office.ben)
    assert (made.sec, made.account_type, made.state) == ("TEL", "savings", "new")
    assert "…7890" in csr.get(reverse("account", args=[office.ben.number])).content.decode()
    letter = csr.get(reverse("enrolment_letter", args=[made.pk]))
    assert letter.content.startswith(b"%PDF") and b"1234567890" not in letter.content
    ended = csr.post(reverse("enrolment_act", args=[made.pk, "revoke"]), {"reason": "he called"}, follow=True)
    assert "he called" in ended.content.decode() and Enrolment.objects.get(pk=made.pk).state == "ended"


def test_anas_draft_is_refused_by_a_person_with_the_reason_before_her(office: Office, signed_in: SignedIn) -> None:
    payer = autopay.enrolment(office)
    Enrolment.objects.filter(pk=payer.pk).update(limit_cents=100)
    run = autopay.select_drafts(autopay.act(office.staff["billing"], autopay.SELECTED))
    draft = Draft.objects.get(run=run)
    billing = signed_in("billing")
    page = billing.get(reverse("draft_run", args=[run.pk])).content.decode()
    assert "above the payer&#x27;s own limit of $1.00" in page
    decided = billing.post(reverse("decide_draft", args=[draft.pk]), {"reason": "pays cash", "decision": "refuse"})
    assert decided.status_code == 302 and Draft.objects.get(pk=draft.pk).state == "refused"


def test_a_file_leaves_the_house_with_a_deed_and_returns_come_in_once(office: Office, signed_in: SignedIn) -> None:
    file, billing = autopay.file(office), signed_in("billing")
    sent = billing.post(reverse("ach_file_download", args=[file.pk]))
    assert sent.content.startswith(b"101") and b"4455667788" in sent.content
    assert Deed.objects.filter(kind="autopay.hand_over").count() == 1
    assert signed_in("auditor").post(reverse("ach_file_download", args=[file.pk])).status_code == 403
    for _ in range(2):
        upload = SimpleUploadedFile("returns.ach", autopay.from_the_bank(office))
        said: Any = billing.post(reverse("take_bank_file"), {"file": upload}, follow=True)
    page = said.content.decode()
    assert BankFile.objects.count() == 1 and "presented again on" in page and "No entry of ours" in page
    assert "1,000" not in page and "R03" in page
