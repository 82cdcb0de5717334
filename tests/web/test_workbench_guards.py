"""The workbench says no in words: unreadable texts, odd numbers, old tabs, codes of the rate book, other people."""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal

import pytest
from django.urls import reverse
from tests.web.conftest import SignedIn
from tests.web.office import Office
from tests.web.test_workbench import HEADING, page, prove, tier

from meterbook.engine.rates.drafts.edits import numbers
from meterbook.records.platform.models import Approval
from meterbook.records.rates import checking
from meterbook.records.rates.models import RateDraft
from meterbook.records.rates.queries import newest_revision
from meterbook.web.rates.workbench.forms import number_typed

PAGES = ("draft", "draft_text", "draft_golden", "draft_differences", "draft_impact", "draft_solve", "draft_review")


def saved(draft: RateDraft, path: str) -> Decimal:
    return numbers(newest_revision(draft).body, file="x")[path]


def test_a_text_that_cannot_be_read_can_be_put_right_and_withdrawn(
    office: Office, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def overflow(text: str, *, file: str) -> None:
        raise RecursionError("maximum recursion depth exceeded")

    client, good = signed_in("dana"), newest_revision(office.draft).body
    with monkeypatch.context() as broken:
        broken.setattr(checking, "parse_tariff", overflow)
        check = reverse("draft_check", args=[office.draft.pk])
        shown = client.post(check, {"text": "schedule: [[[", "revision": 1}).content.decode()
        assert "cannot be read" in shown and 'data-revision="2"' in shown
        for name in PAGES:
            assert client.get(reverse(name, args=[office.draft.pk])).status_code == 200, name
        for action in ("submit", "withdraw"):
            assert client.get(reverse("draft_act", args=[office.draft.pk, action])).status_code == 200
    client.post(reverse("draft_text", args=[office.draft.pk]), {"text": good, "revision": 2})
    assert newest_revision(office.draft).body == good
    client.post(reverse("draft_act", args=[office.draft.pk, "withdraw"]), {"reason": "tabled"})
    assert RateDraft.objects.get(pk=office.draft.pk).status == "withdrawn"


def test_who_may_not_write_has_nothing_read(
    office: Office, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = []
    monkeypatch.setattr(checking, "parse_tariff", lambda text, *, file: read.append(text))
    address = reverse("draft_check", args=[office.draft.pk])
    for field in ("text", "cases"):
        assert signed_in("csr").post(address, {field: "x", "revision": 1}).status_code == 403
    assert read == []


def test_an_old_tab_saves_nothing_and_keeps_what_was_typed(office: Office, signed_in: SignedIn) -> None:
    client, body = signed_in("dana"), newest_revision(office.draft).body
    check, text = reverse("draft_check", args=[office.draft.pk]), reverse("draft_text", args=[office.draft.pk])
    client.post(check, {"text": body + "# hers\n", "revision": 1})
    stale = client.post(check, {"text": body + "# his\n", "revision": 1}).content.decode()
    assert "in the meantime" in stale and "data-revision" not in stale and f'href="{text}"' in stale
    again = client.post(check, {"text": body + "# his, more\n"}).content.decode()
    assert "in the meantime" in again, "a page that does not say what it showed saves nothing"
    form = client.post(text, {"text": body + "# his\n", "revision": 1})
    shown = form.content.decode()
    assert form.status_code == 422 and "# his" in shown and 'name="revision" value="1"' in shown
    assert newest_revision(office.draft).body.endswith("# hers\n")


def test_numbers_that_need_each_other_are_saved_together(office: Office, signed_in: SignedIn) -> None:
    client, first = signed_in("dana"), tier(office.draft, 0).replace("price", "up_to")
    second = tier(office.draft, 1).replace("price", "up_to")
    new = saved(office.draft, second) + 100
    form = {**HEADING, "section": "Schedule E-RES", "revision": 1, f"n:{first}": f"{new}"}
    check, address = reverse("draft_check", args=[office.draft.pk]), reverse("draft", args=[office.draft.pk])
    told = client.post(check, form).content.decode()
    assert "Nothing was saved" in told and "data-revision" not in told
    refused = client.post(address, form)
    shown = refused.content.decode()
    assert refused.status_code == 422 and f'value="{new}"' in shown and "Saved as" not in shown
    assert newest_revision(office.draft).sequence == 1
    client.post(check, {**form, f"n:{second}": f"{new + 500}"})
    assert (saved(office.draft, first), saved(office.draft, second)) == (new, new + 500)
    same = client.post(address, {**form, "revision": 2, f"n:{second}": f"{new + 500}"}, follow=True).content.decode()
    assert "Nothing was changed" in same and "Saved as" not in same


@pytest.mark.parametrize(
    ("text", "number"),
    [("1,234.50", "1234.50"), ("$2.75", "2.75"), (" -3 ", "-3"), (".5", "0.5"), ("1,234,567", "1234567")],
)
def test_numbers_as_people_type_them(text: str, number: str) -> None:
    assert number_typed(text) == Decimal(number)


@pytest.mark.parametrize("text", ["2,75", "0,5", "1,23,456", "12,34.5", "1.234,50", "1e400", "NaN", "", ".", "\0", "١"])
def test_numbers_nobody_can_be_sure_of(text: str) -> None:
    assert number_typed(text) is None


def test_a_decimal_comma_is_refused_in_words(office: Office, signed_in: SignedIn) -> None:
    path = tier(office.draft, 0)
    form = {**HEADING, "section": "Schedule E-RES", "revision": 1, f"n:{path}": "0,25"}
    shown = signed_in("dana").post(reverse("draft", args=[office.draft.pk]), form).content.decode()
    assert "A comma only separates thousands" in shown and 'value="0,25"' in shown
    assert newest_revision(office.draft).sequence == 1


def test_one_wrong_number_puts_nothing_into_the_draft(office: Office, signed_in: SignedIn) -> None:
    client, path, other = signed_in("dana"), tier(office.draft, 0), tier(office.draft, 1)
    form = {f"n:{path}": "0.2", f"n:{other}": "a dime", "revision": 1}
    answer = client.post(reverse("draft_impact_keep", args=[office.draft.pk]), form)
    shown = answer.content.decode()
    assert answer.status_code == 422 and "Nothing was put into the draft" in shown
    assert "Tier 2, price: Type a number" in shown and 'value="a dime"' in shown and 'value="0.2"' in shown
    assert newest_revision(office.draft).sequence == 1
    live = client.post(reverse("draft_impact", args=[office.draft.pk]), form, headers={"HX-Request": "true"})
    assert "Tier 2, price: Type a number" in live.content.decode()


def test_a_new_version_begins_after_the_newest(office: Office, signed_in: SignedIn) -> None:
    form = {**HEADING, "schedule": "W-RES", "title": "Old water", "effective": "1/1/2020", "version": "2026-03"}
    answer = signed_in("dana").post(reverse("begin_draft"), form)
    shown = answer.content.decode()
    assert answer.status_code == 422 and "type a later day" in shown and "released already" in shown


@pytest.mark.parametrize(("code", "said"), [("list", "page of the rate book"), ("Versions", "page of the rate book"),
                                            ("W-RES", "exists already")])  # fmt: skip
def test_a_code_is_one_the_rate_book_can_show(office: Office, signed_in: SignedIn, code: str, said: str) -> None:
    answer = signed_in("dana").post(reverse("begin_schedule"), {"code": code, "title": "x", "text": "x"})
    assert answer.status_code == 422 and said in answer.content.decode()


def test_what_cannot_be_released_is_told_while_writing(office: Office, signed_in: SignedIn) -> None:
    client, check = signed_in("dana"), reverse("draft_check", args=[office.draft.pk])
    body = newest_revision(office.draft).body
    at = body.rindex("revenue: ")
    account = re.findall(r"revenue: \"?([\w-]+)", body[at:])[0]
    unknown = body[:at] + body[at:].replace(account, "9-99999", 1)
    assert "names account 9-99999" in client.post(check, {"text": unknown, "revision": 1}).content.decode()
    assert "names account 9-99999" in page(client, "draft_review", office.draft.pk)
    price = re.search(r'price: "([\d.]+)"', body)
    assert price is not None
    changed = body.replace(price[0], 'price: "9.99"', 1)
    told = client.post(check, {"text": changed, "revision": 2}).content.decode()
    assert "Released rates are never rewritten" in told
    assert "Released rates are never rewritten" in page(client, "draft_review", office.draft.pk)


def test_nul_is_no_text_anywhere(office: Office, signed_in: SignedIn) -> None:
    client = signed_in("dana")
    for address in ("rate_book", "drafts", "find"):
        assert client.get(reverse(address), {"q": "W\0-", "f-code": "\0"}).status_code == 200
    assert client.get("/rates/a%00b/").status_code == 404
    told = client.post(reverse("draft_check", args=[office.draft.pk]), {"text": "a\0b", "revision": 1})
    assert told.status_code == 200 and "NUL" in told.content.decode()
    whole = client.post(reverse("draft_text", args=[office.draft.pk]), {"text": "a\0b", "revision": 1})
    assert whole.status_code == 422 and newest_revision(office.draft).sequence == 1
    solve = {"amount": "1e400", "kind": "percent", "by": "percent", "months": "12"}
    assert client.post(reverse("draft_solve", args=[office.draft.pk]), solve).status_code == 200
    golden = {"name": "x", "starts": "2/1/2027", "ends": "3/3/2027", "det-usage": "1e400", "total": "1", "revision": 1}
    assert client.post(reverse("draft_golden", args=[office.draft.pk]), golden).status_code == 422


def test_no_label_becomes_a_formula(office: Office, signed_in: SignedIn) -> None:
    client, body = signed_in("dana"), newest_revision(office.draft).body
    at = body.rindex("- version:")
    label = re.search(r"label: \{en: [^,]+,", body[at:])
    assert label is not None
    text = body[:at] + body[at:].replace(label[0], 'label: {en: "=1+1",', 1)
    client.post(reverse("draft_text", args=[office.draft.pk]), {"text": text, "revision": 1})
    made = client.get(reverse("draft_impact_file", args=[office.draft.pk, "csv"])).content.decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(made)) for cell in row]
    assert "'=1+1" in cells and not [cell for cell in cells if cell[:1] in "=+@" and cell]
    assert [cell for cell in cells if re.fullmatch(r"-?\d+\.\d\d", cell)], "numbers stay numbers"


def test_a_writer_decides_nowhere_and_an_old_page_decides_nothing(office: Office, signed_in: SignedIn) -> None:
    dana, ruben, ines = signed_in("dana"), signed_in("ruben"), signed_in("supervisor")
    body = newest_revision(office.draft).body
    ines.post(reverse("draft_text", args=[office.draft.pk]), {"text": body + "# read\n", "revision": 1})
    prove(dana, office.draft)
    revision = newest_revision(office.draft).sequence
    submit, release, recall = (reverse("draft_act", args=[office.draft.pk, name]) for name in
                               ("submit", "release", "recall"))  # fmt: skip
    dana.post(submit, {"reason": "as resolved", "revision": revision})
    first = Approval.objects.latest("pk")
    told = ines.post(reverse("approval", args=[first.pk]), {"decision": "approve", "reason": "mine"})
    first.refresh_from_db()
    assert told.status_code == 422 and first.status == "pending"
    shown = ruben.get(reverse("draft_review", args=[office.draft.pk])).content.decode()
    assert f"{release}?revision={revision}&amp;approval={first.pk}" in shown
    dana.post(recall, {"reason": "a moment"})
    dana.post(submit, {"reason": "again", "revision": revision})
    old = ruben.get(release, {"revision": revision, "approval": first.pk}).content.decode()
    carried = dict(re.findall(r'name="(revision|approval)" value="(\d+)"', old))
    assert carried["approval"] == str(first.pk)
    refused = ruben.post(release, {"reason": "reviewed the first", **carried})
    assert refused.status_code == 422 and "moved on" in refused.content.decode()
    now = {"revision": revision, "approval": Approval.objects.latest("pk").pk}
    assert ruben.post(release, {"reason": "reviewed", **now}).status_code == 302


def test_a_golden_bill_is_asked_for_in_spanish(office: Office, signed_in: SignedIn) -> None:
    client = signed_in("dana")
    client.cookies["django_language"] = "es"
    shown = page(client, "draft_golden", office.draft.pk)
    assert "Consumo" in shown and "Usage" not in shown


def test_a_change_of_who_is_served_is_shown_to_the_reviewer(office: Office, signed_in: SignedIn) -> None:
    client, body = signed_in("dana"), newest_revision(office.draft).body
    eligibility = re.search(r"^eligibility:\n  en: (.+)$", body, re.MULTILINE) or re.search(
        r"eligibility: {en: ([^,]+)", body
    )
    assert eligibility is not None
    changed = body.replace(eligibility[1], '"Only for the mayor."', 1)
    client.post(reverse("draft_text", args=[office.draft.pk]), {"text": changed, "revision": 1})
    assert newest_revision(office.draft).body == changed
    for name in ("draft_differences", "draft_review"):
        shown = client.get(reverse(name, args=[office.draft.pk])).content.decode()
        assert "The schedule itself" in shown and "Only for the mayor instead of" in shown, name
