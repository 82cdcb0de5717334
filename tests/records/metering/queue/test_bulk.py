"""What was previewed is what is done, or nothing is."""

from __future__ import annotations

from datetime import date

import pytest
from tests.records.metering.queue.town import TODAY, Town

from meterbook.records.metering.models import Estimate, Read, ReadException, Usage
from meterbook.records.metering.queue.bulk import Decision, decide_many, preview_many
from meterbook.records.metering.queue.operations.accept import accept_read
from meterbook.records.metering.queue.refusals import PreviewChanged
from meterbook.records.platform.models import Deed

LAST = date(2026, 6, 27)


def counts() -> tuple[int, ...]:
    return (
        Deed.objects.count(), Read.objects.filter(status="accepted").count(), Usage.objects.count(),
        ReadException.objects.filter(state="resolved").count(), Estimate.objects.count(),
    )  # fmt: skip


def test_a_preview_changes_nothing_and_is_what_is_done(town: Town) -> None:
    items = [town.question(0, 7100).pk, town.question(1, 7200).pk, town.missing(2).pk]
    before = counts()
    shown = preview_many(town.act(), Decision("accept"), items)
    assert counts() == before
    assert [(each.before, each.after) for each in shown.done] == [("7100", "7100"), ("7200", "7200")]
    assert shown.done[0].usage_after == ((LAST.isoformat(), TODAY.isoformat(), 600_000_000, False),)
    assert [each.item for each in shown.refused] == items[2:]
    done = decide_many(town.act(), Decision("accept"), items, token=shown.token)
    assert done == shown
    assert ReadException.objects.filter(pk__in=items, state="resolved").count() == 2
    assert Deed.objects.filter(kind="metering.accept_read").count() == 2


def test_anything_that_changed_since_takes_everything_back(town: Town) -> None:
    items = [town.question(0, 7100).pk, town.question(1, 7200).pk]
    shown = preview_many(town.act(), Decision("accept"), items)
    accept_read(town.act(), item=ReadException.objects.get(pk=items[0]))
    town.arrive(1, 6990, on=date(2026, 7, 20))
    town.derive(1)
    before = counts()
    with pytest.raises(PreviewChanged):
        decide_many(town.act(), Decision("accept"), items, token=shown.token)
    assert counts() == before


def test_estimating_and_assigning_many(town: Town) -> None:
    items = [town.question(house, 40_000).pk for house in range(4)]
    shown = preview_many(town.act(), Decision("estimate", method="prior_period"), items)
    assert all(each.after and each.origin == "estimated" for each in shown.done) and len(shown.done) == 4
    with pytest.raises(PreviewChanged):
        decide_many(town.act(), Decision("estimate"), [*items[:3]], token=shown.token)
    decide_many(town.act(), Decision("estimate", method="prior_period"), items, token=shown.token)
    assert Estimate.objects.filter(method="prior_period", read__read_on=TODAY).count() == 4
    more = [town.question(house, 41_000, on=date(2026, 8, 4)).pk for house in range(4)]
    decision = Decision("assign", owner=town.staff["supervisor"])
    decide_many(town.act(), decision, more, token=preview_many(town.act(), decision, more).token)
    assert ReadException.objects.filter(owner=town.staff["supervisor"]).count() == 4
