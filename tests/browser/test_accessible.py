"""Every page passes WCAG 2.1 AA by axe, light and dark, in English and in Spanish, and never scrolls sideways.

Each page in each face is under the mark `long`; the rest looks at one page of `SHARE`, the faces taking turns.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from tests.browser.conftest import Opened
from tests.browser.matrix import FACES, every_address, every_face, looked_at, violations, wrong_with
from tests.browser.serving import signed_in, started

pytestmark = pytest.mark.browser
#: Beside one address of every page (`tests.web.addresses`): pages as they look after a choice, a search, a mistake.
PAGES = [
    "/", "/find/", "/find/?q=mill", "/accounts/", "/accounts/?q=nobody", "/accounts/1000017/",
    "/accounts/1000017/entries/", "/premises/1/", "/reads/", "/reads/import/", "/reads/corrections/",
    "/reads/exceptions/", "/reads/exceptions/1/", "/reads/exceptions/1/?do=correct",
    "/reads/exceptions/1/?do=estimate", "/reads/files/1/", "/reads/sources/", "/reads/sources/1/",
    "/reads/sources/add/", "/reads/expected/", "/reads/expected/C1/", "/reads/keying/", "/reads/keying/R1/",
    "/bills/", "/bills/holds/", "/corrections/", "/adjustments/", "/agencies/", "/programs/solar/",
    "/programs/level-pay/", "/bills/winter/", "/bills/winter/draw/", "/bills/summaries/", "/bills/deposits/",
    "/bills/comparisons/", "/bills/comparisons/new/", "/accounts/1000017/services/1/suspend/",
    "/bills/runs/plan/", "/bills/runs/1/",
    "/bills/runs/1/bills/", "/bills/runs/1/holds/", "/bills/runs/1/points/billed/", "/bills/1/", "/money/",
    "/money/unidentified/", "/rates/", "/rates/E-RES/", "/rates/versions/", "/rates/list/",
    "/rates/W-RES/versions/2026-03/", "/rates/W-RES/compare/", "/rates/drafts/", "/rates/drafts/begin/",
    "/rates/drafts/begin-schedule/", "/rates/drafts/1/", "/rates/drafts/1/text/", "/rates/drafts/1/golden/",
    "/rates/drafts/1/differences/", "/rates/drafts/1/impact/", "/rates/drafts/1/solve/", "/rates/drafts/1/review/",
    "/rates/drafts/1/act/submit/", "/rates/drafts/1/revisions/1/", "/approvals/", "/approvals/1/", "/no/such/page/",
    "/staff/2fa/", "/staff/password/change/", "/bills/calendar/", "/bills/calendar/2026/proposal/",
    "/bills/calendar/2026/9/", "/bills/calendar/compute/", "/bills/calendar/2026/publish/",
    "/bills/calendar/dates/150/", "/bills/calendar/dates/150/set/", "/field/", "/field/?show=closed",
    "/field/1/", "/field/1/approve/", "/field/1/dispatch/", "/field/1/read/", "/field/1/no_access/",
    "/field/1/correct/", "/field/1/close/", "/field/bulk/?do=dispatch&id=1", "/field/ask/1/", "/field/meters/1/",
    "/field/alerts/", "/field/locates/", "/field/locates/take-in/", "/crew/",
    "/field/readers/", "/meters/", "/meters/1/", "/meters/1/exchange/",
    "/meters/1/test/", "/meters/1/remove/", "/meters/receive/", "/meters/seals/", "/meters/seals/place/",
    "/meters/rights/1/", "/routes/", "/routes/of/R1/", "/routes/of/R1/edit/", "/routes/new/", "/routes/opt-outs/",
    "/routes/points/1/radio/", "/routes/points/1/location/", "/reports/", "/reports/misread_meters/",
    "/reports/misread_meters/?since=soon", "/reports/route_summary/", "/reports/consumption_history/",
    "/reports/consumption_history/?account=1000017", "/reports/meter_inventory/?as=print",
    "/reports/meter_inventory/", "/reports/zero_usage/",
    "/money/payments/", "/money/changes/", "/money/aging/", "/money/trial-balance/", "/money/relations/",
    "/money/counter/", "/money/drawers/", "/money/receipts/", "/money/bags/", "/money/bank/", "/money/bank/deposits/",
    "/cases/", "/cases/?show=overdue", "/cases/complaint/", "/cases/question/", "/cases/loss/", "/cases/findings/",
    "/cases/directory/", "/accounts/1000017/complaint/", "/accounts/1000017/dispute/",
    "/money/returned/", "/money/bans/", "/money/fees/", "/money/requests/", "/money/development/", "/money/online/",
    "/autopay/", "/autopay/runs/", "/autopay/answers/", "/security/", "/security/instruments/", "/refunds/",
    "/refunds/checks/", "/closing/", "/tasks/", "/tasks/?show=take", "/tasks/ask/", "/tasks/away/", "/tasks/away/new/",
    "/told/", "/do/", "/do/?q=fee", "/keys/", "/setup/", "/setup/people/csr/", "/setup/people/add/",
    "/setup/people/csr/role/", "/setup/operations/", "/setup/review/", "/money/arrangements/", "/programs/discounts/",
    "/accounts/1000017/discounts/", "/accounts/1000017/payoff/", "/money/extensions/", "/accounts/1000017/extend/",
    "/field/orders/", "/field/orders/?show=review", "/field/orders/new/", "/field/orders/new/?account=1000017",
    "/field/orders/plan/", "/field/orders/calendar/", "/field/orders/crews/",
    "/moves/", "/moves/start/", "/moves/start/?premise=1", "/moves/many/", "/moves/landlords/",
    "/accounts/1000017/move-out/", "/accounts/1000017/transfer/?premise=2", "/accounts/1000017/bankruptcy/",
    "/accounts/1000017/name/", "/accounts/1000017/landlord/", "/accounts/1000017/landlord/new/",
    "/accounts/1000017/arrange/", "/accounts/1000017/fee/", "/accounts/1000017/ban/",
]  # fmt: skip

#: One page of so many is looked at each time: all of them take minutes even in one face.
SHARE = 3
Everywhere = tuple[str, list[str]]


@pytest.fixture(scope="module")
def everywhere(offices: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Everywhere]:
    """An office served in which every page has something to show: its address, and those of its pages."""
    addresses = list(dict.fromkeys([*every_address(offices["every"]), *PAGES]))
    with started(offices["every"], tmp_path_factory.mktemp("every")) as base:
        yield base, addresses


def test_pages_are_accessible_the_faces_taking_turns(browser: Browser, everywhere: Everywhere) -> None:
    base, addresses = everywhere
    cookie = signed_in(browser, base, "supervisor")
    wrong, shown = [], addresses[::SHARE]
    for at, face in enumerate(FACES):
        page = looked_at(browser, base, cookie, face)
        wrong += [said for address in shown[at :: len(FACES)] for said in wrong_with(page, address, face)]
        page.context.close()
    assert wrong == []


@pytest.mark.long
def test_every_page_is_accessible_in_every_face(browser: Browser, everywhere: Everywhere) -> None:
    base, addresses = everywhere
    cookie = signed_in(browser, base, "supervisor")
    assert [said for _, found in every_face(browser, base, cookie, addresses) for said in found] == []


def test_an_open_explanation_and_the_keyboard_list_are_accessible(opened: Opened) -> None:
    page = opened("csr")
    page.goto("/bills/1/")
    page.locator(".why").nth(1).click()
    page.wait_for_selector(".because")
    page.locator("main").press("?")
    page.wait_for_selector("dialog[open]")
    assert violations(page) == []


def test_signing_in_is_accessible_in_both_languages(opened: Opened) -> None:
    for language in ("en", "es"):
        page = opened("supervisor", language=language)
        page.context.clear_cookies(name="sessionid")
        page.goto("/staff/login/")
        assert violations(page) == []
