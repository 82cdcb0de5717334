"""From the council's resolution to rates in force: Dana drafts, looks at what it does and submits; Ruben releases."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections import OrderedDict
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from tests.web.conftest import SignedIn
from tests.web.office import Office

from meterbook.engine.rates.drafts.edits import numbers
from meterbook.records.billing import rate_study
from meterbook.records.platform.models import Approval
from meterbook.records.rates.models import RateDraft, RateRevision, ReleasedVersion, Schedule
from meterbook.records.rates.queries import newest_revision

HEADING = {
    "effective": "1/1/2027", "version": "2027-01", "resolution": "Resolution 2026-44", "section": "Schedule W-RES",
    "adopted": "9/1/2026", "utility": "City of Alder Bend", "url": "https://example.org/44", "note": "",
}  # fmt: skip


def page(client: Client, name: str, *args: object, **query: str) -> str:
    return client.get(reverse(name, args=args), query).content.decode()


def tier(draft: RateDraft, which: int) -> str:
    """The path of the newest version's tier price."""
    text = newest_revision(draft).body
    return next(path for path in reversed(list(numbers(text, file="x"))) if path.endswith(f"tiers[{which}].price"))


def prove(client: Client, draft: RateDraft) -> None:
    """Add a golden bill charged by the new version: 400 kWh over thirty days, its total taken from what is charged."""
    address = reverse("draft_golden", args=[draft.pk])
    facts = {"name": "400 kWh in February", "starts": "2/1/2027", "ends": "3/3/2027", "det-usage": "400", "total": "1"}
    assert client.post(address, {**facts, "revision": newest_revision(draft).sequence}).status_code == 302
    shown = client.get(address).content.decode()
    worked = re.findall(r"explain gave total ([\d.]+), expected 1", shown)[0]
    last = shown.count("/drop/") - 1
    drop = reverse("draft_golden_drop", args=[draft.pk, last])
    client.post(drop, {"revision": newest_revision(draft).sequence})
    client.post(address, {**facts, "total": worked, "revision": newest_revision(draft).sequence})
    assert newest_revision(draft).cases.rstrip().endswith(f'total: "{worked}"')


def test_the_rate_book_is_a_list_like_any_other(office: Office, signed_in: SignedIn) -> None:
    client = signed_in("csr")
    assert "Electricity of January 2027" in page(client, "rate_book")
    assert page(client, "rate_book", q="W-").count("<tr>") < page(client, "rate_book").count("<tr>")
    answer = client.get(reverse("rate_versions"), {"as": "csv", "sort": "-effective"})
    rows = list(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert len(rows) == ReleasedVersion.objects.count() > 12
    assert rows[0]["Effective"] == max(row["Effective"] for row in rows)


def test_a_version_stands_beside_its_text_and_its_golden_bills(office: Office, signed_in: SignedIn) -> None:
    shown = page(signed_in("auditor"), "schedule_version", "W-RES", "2026-03")
    assert "Resolution 2026-09" in shown and "$1.91" in shown
    assert re.search(r'aria-hidden="true">\d+</span>  - version: &quot;2026-03&quot;', shown)
    assert "rates change on the thirteenth of 30 days" in shown
    assert "comes out" in shown and "differs" not in shown


def test_two_versions_are_compared_number_by_number(office: Office, signed_in: SignedIn) -> None:
    shown = page(signed_in("csr"), "compare_versions", "W-RES")
    assert "The price of tier 1 goes from 1.84 to 1.91 (+3.8%)." in shown
    assert signed_in("csr").get(reverse("compare_versions", args=["W-RES"]), {"old": "1999"}).status_code == 404


def test_dana_begins_a_draft_from_the_newest_version(office: Office, signed_in: SignedIn) -> None:
    form = {**HEADING, "schedule": "W-RES", "title": "Water of January 2027"}
    answer = signed_in("dana").post(reverse("begin_draft"), form)
    draft = RateDraft.objects.latest("pk")
    assert answer.headers["Location"] == reverse("draft", args=[draft.pk])
    released = Schedule.objects.get(code="W-RES").document.body
    text = newest_revision(draft).body
    assert text.startswith(released.rstrip()) and 'resolution: "Resolution 2026-44"' in text[len(released) :]
    assert (draft.author.username, draft.status) == ("dana", "draft")


def test_who_writes_no_rates_is_told_whose_work_it_is(office: Office, signed_in: SignedIn) -> None:
    form = {**HEADING, "schedule": "W-RES", "title": "Free water"}
    answer = signed_in("csr").post(reverse("begin_draft"), form)
    assert answer.status_code == 403 and "Finance director" in answer.content.decode()
    shown = page(signed_in("csr"), "draft", office.draft.pk)
    assert "Withdraw" not in shown and "disabled" in shown


def test_a_price_is_changed_in_the_form_beside_what_is_released(office: Office, signed_in: SignedIn) -> None:
    client, path = signed_in("dana"), tier(office.draft, 0)
    heading = {**HEADING, "section": "Schedule E-RES", "revision": 1}
    wrong = client.post(reverse("draft", args=[office.draft.pk]), {**heading, f"n:{path}": "a nickel"})
    assert wrong.status_code == 422
    shown = wrong.content.decode()
    assert "Type a number like 2.75." in shown and 'value="a nickel"' in shown
    assert newest_revision(office.draft).sequence == 1
    kept = client.post(reverse("draft", args=[office.draft.pk]), {**heading, f"n:{path}": "0.25"})
    assert kept.status_code == 302
    text = newest_revision(office.draft).body
    assert numbers(text, file="x")[path] == Decimal("0.25")
    assert "2026-44" in text.rpartition("- version:")[2]
    assert numbers(text, file="x").keys() == numbers(RateRevision.objects.get(draft=office.draft, sequence=1).body,
                                                     file="x").keys()  # fmt: skip


def test_the_form_saves_itself_when_dana_leaves_a_field(office: Office, signed_in: SignedIn) -> None:
    client, path = signed_in("dana"), tier(office.draft, 0)
    check = reverse("draft_check", args=[office.draft.pk])
    heading = {**HEADING, "section": "Schedule E-RES", "revision": 1}
    shown = client.post(check, {**heading, f"n:{path}": "0.25"}).content.decode()
    assert 'data-revision="2"' in shown and "The text is a tariff" in shown
    assert numbers(newest_revision(office.draft).body, file="x")[path] == Decimal("0.25")
    wrong = client.post(check, {**heading, "revision": 2, f"n:{path}": "a dime"}).content.decode()
    assert "Nothing was saved" in wrong and "Type a number like 2.75." in wrong
    assert newest_revision(office.draft).sequence == 2
    assert signed_in("csr").post(check, {**heading, "revision": 2, f"n:{path}": "0.3"}).status_code == 403


def test_the_text_is_checked_and_kept_while_dana_writes(office: Office, signed_in: SignedIn) -> None:
    client, address = signed_in("dana"), reverse("draft_check", args=[office.draft.pk])
    body = newest_revision(office.draft).body
    broken = body.replace("component: tiered", "component: teared")
    shown = client.post(address, {"text": broken.replace("\n", "\r\n"), "revision": 1}).content.decode()
    line = 1 + broken[: broken.index("teared")].count("\n")
    assert f'data-line="{line}"' in shown and "teared" in shown and 'data-revision="2"' in shown
    assert newest_revision(office.draft).body == broken
    stale = client.post(address, {"text": body, "revision": 1}).content.decode()
    assert "Somebody saved this draft in the meantime" in stale
    assert newest_revision(office.draft).sequence == 2
    assert "The text is a tariff" in client.post(address, {"text": body, "revision": 2}).content.decode()
    assert client.get(reverse("draft_revision", args=[office.draft.pk, 2])).status_code == 200


def test_a_wrong_text_stops_no_page(office: Office, signed_in: SignedIn) -> None:
    client = signed_in("dana")
    client.post(reverse("draft_text", args=[office.draft.pk]), {"text": "schedule: [", "revision": 1})
    for name in ("draft", "draft_golden", "draft_differences", "draft_impact", "draft_solve", "draft_review"):
        answer = client.get(reverse(name, args=[office.draft.pk]))
        assert answer.status_code == 200, name
    assert client.post(reverse("draft_solve", args=[office.draft.pk]), {"amount": "1"}).status_code == 200


def test_a_dragged_price_is_priced_again_on_the_bills_issued(office: Office, signed_in: SignedIn) -> None:
    client, address = signed_in("dana"), reverse("draft_impact", args=[office.draft.pk])
    still = client.get(address).content.decode()
    assert "Ben Ortiz" in still or "Nobody" in still
    tried = {f"n:{tier(office.draft, 0)}": "1.1739", "months": "24"}
    part = client.post(address, tried, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part and "1 number tried, not saved" in part
    assert "Ana Belmonte" in part and "Ben Ortiz" in part
    change = Decimal(re.findall(r'big money">\$([\d,.]+)<', part)[0].replace(",", ""))
    bound = numbers(newest_revision(office.draft).body, file="x")[tier(office.draft, 0).replace("price", "up_to")]
    used = min(bound, Decimal(700)) + min(bound, Decimal(410))
    assert used < change < used * Decimal("1.15"), "a dollar more on each unit of the first tier, its taxes, two cents"
    assert newest_revision(office.draft).sequence == 1


def test_a_large_city_sees_the_page_before_its_bills_are_ready(
    office: Office, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_study, "_FEW_BILLS", 0)
    monkeypatch.setattr(rate_study, "_studies", OrderedDict())
    client, address = signed_in("dana"), reverse("draft_impact", args=[office.draft.pk])
    opening = client.get(address).content.decode()
    assert 'hx-trigger="load"' in opening and "big money" not in opening
    part = client.post(address, {"months": "12"}, headers={"HX-Request": "true"}).content.decode()
    assert "big money" in part and 'hx-trigger="load"' not in part
    assert "big money" in client.get(address).content.decode(), "the study is kept: the next page has it at once"


def test_what_was_tried_goes_into_the_draft_and_into_a_spreadsheet(office: Office, signed_in: SignedIn) -> None:
    client, path = signed_in("dana"), tier(office.draft, 0)
    client.post(reverse("draft_impact_keep", args=[office.draft.pk]), {f"n:{path}": "0.2", "revision": 1})
    assert numbers(newest_revision(office.draft).body, file="x")[path] == Decimal("0.2")
    made = client.get(reverse("draft_impact_file", args=[office.draft.pk, "xlsx"]))
    book = zipfile.ZipFile(io.BytesIO(made.content))
    assert len([name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]) == 4
    assert "Belmonte" in book.read("xl/sharedStrings.xml").decode()
    text = client.get(reverse("draft_impact_file", args=[office.draft.pk, "csv"])).content.decode("utf-8-sig")
    assert text.splitlines()[0].startswith("Class,Accounts,Bills")
    assert "Residential,2,2," in text


def test_prices_that_raise_five_percent_are_found_and_kept(office: Office, signed_in: SignedIn) -> None:
    client, address = signed_in("ruben"), reverse("draft_solve", args=[office.draft.pk])
    opening = client.get(address).content.decode()
    every = re.findall(r'name="count" value="(\w+)"', opening)
    ticked = re.findall(r'name="count" value="(\w+)" checked', opening)
    assert "energy" in ticked and set(every) - set(ticked), "a tax on the bill does not count unless it is ticked"
    form = {"amount": "5", "kind": "percent", "by": "percent", "months": "12", "limit": "", "count": every}
    assert "Tick at least one number" in client.post(address, form).content.decode()
    paths = [tier(office.draft, 0), tier(office.draft, 1)]
    nothing = client.post(address, {**form, "count": [], "move": paths}).content.decode()
    assert "Tick at least one charge" in nothing
    shown = client.post(address, {**form, "move": paths}).content.decode()
    proposed = dict(re.findall(r'name="n:([^"]+)" value="([\d.]+)"', shown))
    assert set(proposed) == set(paths)
    kept = {f"n:{path}": value for path, value in proposed.items()}
    client.post(reverse("draft_impact_keep", args=[office.draft.pk]), {**kept, "revision": 1})
    impact = client.get(reverse("draft_impact", args=[office.draft.pk])).content.decode()
    percent = Decimal(re.findall(r'<dd class="small">([+\d.]+) %', impact)[0])
    assert abs(percent - 5) < Decimal("0.1")


@pytest.mark.parametrize("action", ["submit", "withdraw", "recall", "release", "return"])
def test_every_act_says_what_it_does_first(office: Office, signed_in: SignedIn, action: str) -> None:
    answer = signed_in("dana").get(reverse("draft_act", args=[office.draft.pk, action]))
    assert answer.status_code == 200
    assert RateDraft.objects.get(pk=office.draft.pk).status == "draft"


def test_nothing_is_submitted_unproven(office: Office, signed_in: SignedIn) -> None:
    submit = reverse("draft_act", args=[office.draft.pk, "submit"])
    answer = signed_in("dana").post(submit, {"reason": "as resolved", "revision": 1})
    assert answer.status_code == 422
    assert "no golden bill is charged by version 2027-01" in answer.content.decode()


def test_dana_submits_and_ruben_releases(office: Office, signed_in: SignedIn) -> None:
    dana, ruben = signed_in("dana"), signed_in("ruben")
    prove(dana, office.draft)
    review = reverse("draft_review", args=[office.draft.pk])
    submit = reverse("draft_act", args=[office.draft.pk, "submit"])
    release = reverse("draft_act", args=[office.draft.pk, "release"])
    sent = dana.post(submit, {"reason": "as resolved", "revision": newest_revision(office.draft).sequence})
    assert sent.headers["Location"] == review
    asked = Approval.objects.latest("pk")
    assert "someone else must decide" in dana.get(review).content.decode()
    approval = ruben.get(reverse("approval", args=[asked.pk])).content.decode()
    assert review in approval and 'value="approve"' not in approval
    shown = ruben.get(review).content.decode()
    assert release in shown and "The price of tier 2 goes from" in shown and "400 kWh in February" in shown
    seen = {"revision": newest_revision(office.draft).sequence, "approval": asked.pk}
    assert dana.post(release, {"reason": "mine", **seen}).status_code == 403
    assert ruben.post(release, {"reason": "agrees with the resolution", **seen}).status_code == 302
    draft = RateDraft.objects.get(pk=office.draft.pk)
    assert (draft.status, draft.document.released_by.username) == ("released", "ruben")
    assert "2027-01" in page(dana, "schedule", "E-RES")
    assert "Differences" in dana.get(review).content.decode()
    closed = dana.post(reverse("draft_text", args=[draft.pk]), {"text": "x", "revision": 3}, follow=True)
    assert "moved on" in closed.content.decode()


def test_what_ruben_sends_back_says_why(office: Office, signed_in: SignedIn) -> None:
    dana, ruben = signed_in("dana"), signed_in("ruben")
    prove(dana, office.draft)
    revision = newest_revision(office.draft).sequence
    dana.post(reverse("draft_act", args=[office.draft.pk, "submit"]), {"reason": "x", "revision": revision})
    seen = {"revision": revision, "approval": Approval.objects.latest("pk").pk}
    sent_back = {"reason": "tier 2 is one cent too dear", **seen}
    assert ruben.post(reverse("draft_act", args=[office.draft.pk, "return"]), sent_back).status_code == 302
    assert "tier 2 is one cent too dear" in page(dana, "draft", office.draft.pk)


def test_a_schedule_the_city_never_had_begins_as_text(office: Office, signed_in: SignedIn) -> None:
    form = {"code": "W-IRR", "title": "Irrigation", "text": "schedule: W-IRR\n"}
    answer = signed_in("dana").post(reverse("begin_schedule"), form)
    shown = signed_in("dana").get(answer.headers["Location"]).content.decode()
    assert "problems" in shown and "expected" in shown
    wrong = signed_in("dana").post(reverse("begin_schedule"), {**form, "code": "water rates!"})
    assert wrong.status_code == 422 and "Type letters, digits and hyphens" in wrong.content.decode()


def test_sheets_print_in_both_languages(office: Office, signed_in: SignedIn) -> None:
    for address in (reverse("schedule_pdf", args=["W-RES"]) + "?language=es", reverse("rate_list_pdf")):
        answer = signed_in("cashier").get(address)
        assert answer.headers["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF")
    assert signed_in("cashier").get(reverse("schedule_pdf", args=["NO-SUCH"])).status_code == 404


def test_rates_that_reach_back_are_named_before_they_are_submitted(office: Office, signed_in: SignedIn) -> None:
    dana, submit = signed_in("dana"), reverse("draft_act", args=[office.draft.pk, "submit"])
    assert "issued already" not in dana.get(submit).content.decode()
    text = newest_revision(office.draft).body.replace("effective: 2027-01-01", "effective: 2026-07-20")
    golden = newest_revision(office.draft)
    save = {"text": text, "revision": golden.sequence}
    dana.post(reverse("draft_text", args=[office.draft.pk]), save)
    prove(dana, office.draft)
    form = {"reason": "late", "revision": newest_revision(office.draft).sequence}
    assert "2 bills were issued already" in dana.get(submit).content.decode()
    refused = dana.post(submit, form)
    assert refused.status_code == 422 and "Move the first day" in refused.content.decode()
    assert dana.post(submit, {**form, "reaches_back": "on"}).status_code == 302
    shown = signed_in("ruben").get(reverse("draft_review", args=[office.draft.pk])).content.decode()
    assert "Reaches back before bills already issued" in shown
