"""Every construct of the language passes over the workbench: drafted, proven, released, shown and printed."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.urls import reverse
from tests.web.conftest import SignedIn
from tests.web.office import BILL_2, Office, act

import meterbook.engine.rates.components as components
from meterbook.engine.rates.check import split_example
from meterbook.engine.rates.tariff import parse_tariff
from meterbook.records.billing.operations.enact_rates import release_draft, submit_draft
from meterbook.records.ledger.models import LedgerAccount
from meterbook.records.rates.models import Schedule
from meterbook.records.rates.operations.begin_draft import begin_draft

EXAMPLES = sorted(Path(components.__file__).parent.glob("*/cases.yaml"))
PAGES = ("draft", "draft_text", "draft_golden", "draft_differences", "draft_impact", "draft_solve", "draft_review")


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.parent.name)
def test_a_construct_goes_from_its_example_to_a_rate_sheet(office: Office, signed_in: SignedIn, example: Path) -> None:
    text, cases = split_example(example.read_text(encoding="utf-8"))
    tariff = parse_tariff(text, file=example.parent.name)
    draft = begin_draft(
        act(office.staff["dana"], BILL_2), code=tariff.schedule[:20], title=example.parent.name, text=text, cases=cases
    )
    dana = signed_in("dana")
    dana.cookies["django_language"] = "es"
    for name in PAGES:
        answer = dana.get(reverse(name, args=[draft.pk]))
        assert answer.status_code == 200, name
    assert "coincide" in dana.get(reverse("draft_golden", args=[draft.pk])).content.decode()
    assert not Schedule.objects.filter(code=tariff.schedule).exists(), "an example uses a code of the demo city"
    for account in {each.revenue for version in tariff.versions for each in version.components}:
        kept = {"title_en": account, "title_es": account, "kind": "revenue", "fund": "x", "agency": "x"}
        LedgerAccount.objects.get_or_create(code=account, defaults=kept)
    submit_draft(act(office.staff["dana"], BILL_2, "x"), draft=draft, revision=1, reaches_back=True)
    draft.refresh_from_db()
    release_draft(act(office.staff["ruben"], BILL_2, "x"), draft=draft, revision=1, approval=draft.approval_id)
    version = tariff.versions[-1].version
    sheet = dana.get(reverse("schedule", args=[tariff.schedule])).content.decode()
    assert all(component.label["es"] in sheet.replace("&#x27;", "'") for component in tariff.versions[-1].components)
    assert dana.get(reverse("schedule_version", args=[tariff.schedule, version])).status_code == 200
    assert dana.get(reverse("schedule_pdf", args=[tariff.schedule])).content.startswith(b"%PDF")
