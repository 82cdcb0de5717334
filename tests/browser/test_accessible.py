"""Every page passes WCAG 2.1 AA by axe, light and dark, in English and in Spanish, and never scrolls sideways."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import axe_core_python
import pytest
from playwright.sync_api import Page
from tests.browser.conftest import Opened

pytestmark = pytest.mark.browser
AXE = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
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
    "/field/alerts/", "/field/readers/", "/meters/", "/meters/1/", "/meters/1/exchange/",
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


def violations(page: Page) -> list[str]:
    page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate("rules => axe.run(document, rules)", RULES)
    return [
        f"{page.url}: {each['id']}: {node['target']} {node.get('failureSummary', '')}"
        for each in found["violations"]
        for node in each["nodes"][:2]
    ]


ALSO = [pytest.param("en", "dark", marks=pytest.mark.long), pytest.param("es", "light", marks=pytest.mark.long)]


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("es", "dark"), *ALSO])
def test_every_page_is_accessible(opened: Opened, language: str, scheme: str) -> None:
    page = opened("supervisor", language=language, scheme=scheme)
    found: list[str] = []
    for address in PAGES:
        answer = page.goto(address)
        assert answer is not None and answer.status == (404 if "no/such" in address else 200), address
        found += violations(page)
    assert found == []


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


@pytest.mark.parametrize("language", ["en", "es"])
def test_nothing_scrolls_sideways_on_a_phone(opened: Opened, language: str) -> None:
    page = opened("supervisor", language=language, width=390)
    wide = []
    for address in PAGES:
        page.goto(address)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 390:
            wide.append((address, width))
    assert wide == []
