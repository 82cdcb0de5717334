"""Reports on a bill run: asked by its number, kept with it when it is posted, computed from its own tables before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.records.billing.models import BillRun
from meterbook.records.billing.partitions import LINE, SEGMENT, table_of
from meterbook.records.billing.stages.kept import Altered, Kept, kept
from meterbook.records.billing.stages.pace import is_begun
from meterbook.reports.contract import Asked, CannotReport, Column, Kind, Parameter, Report, Row, Words


def _newest(_today: date) -> str:
    newest = BillRun.objects.exclude(status=BillRun.CANCELLED).order_by("-bill_date", "-id").first()
    return newest.number if newest else ""


RUN = Parameter("run", _("Run"), "run", default=_newest)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a run's rows stand, for queries: ``{segment}`` and ``{line}`` its own before posting, the books after."""

    run: BillRun
    segment: str
    line: str

    def fetch(self, sql: str, **more: Any) -> list[Row]:
        """The rows of a statement; ``{segment}`` and ``{line}`` are filled in, ``%(run)s`` and ``more`` its values."""
        with connection.cursor() as cursor:
            cursor.execute(sql.format(segment=self.segment, line=self.line), {"run": self.run.pk, **more})
            names = [each.name for each in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def run_of(asked: Asked) -> BillRun:
    """The run asked for."""
    return BillRun.objects.select_related("cycle").exclude(status=BillRun.CANCELLED).get(number=asked.text("run"))


def source_of(run: BillRun) -> Source:
    """Where a run's rows stand. Raises `CannotReport` for one that was not calculated."""
    if run.status == BillRun.POSTED:
        return Source(run, SEGMENT, LINE)
    if not is_begun(run):
        raise CannotReport(gettext("Run %(run)s is not calculated yet.") % {"run": run.number})
    return Source(run, table_of(SEGMENT, run.pk), table_of(LINE, run.pk))


def before(run: BillRun) -> BillRun | None:
    """The posted run of the same cycle before this one."""
    return next(iter(_earlier(run)[:1]), None)


def year_before(run: BillRun) -> BillRun | None:
    """The posted run of the same cycle nearest to a year before, within three weeks of that day."""
    runs = [each for each in _earlier(run)[:40] if abs((run.bill_date - each.bill_date).days - 365) < 22]
    return min(runs, key=lambda each: abs((run.bill_date - each.bill_date).days - 365), default=None)


def _earlier(run: BillRun) -> QuerySet[BillRun, BillRun]:
    posted = BillRun.objects.filter(kind=BillRun.CYCLE, status=BillRun.POSTED)
    rows = posted.filter(cycle=run.cycle_id, bill_date__lt=run.bill_date)
    return rows.order_by("-bill_date", "-id") if run.cycle_id else rows.none()


def run_report(
    name: str, title: Words, says: Words, columns: Sequence[Column], rows: Callable[[Source], list[Row]], empty: Words
) -> Report:
    """A report whose rows are kept whole with a posted run.

    ``rows`` are computed from a `Source`; what is kept is shown as kept, after its hash was checked.
    """

    def live(run: BillRun) -> list[Row]:
        return rows(source_of(run))

    def keep(run: BillRun) -> Kept:
        found = live(run)
        described = described_columns(columns)
        keys = [each["key"] for each in described]
        return Kept(name, described, [[_plain(row.get(key)) for key in keys] for row in found], len(found))

    def shown(asked: Asked) -> list[Row]:
        run = run_of(asked)
        found = checked(run, name)
        return _unkept(found) if found is not None else live(run)

    return Report(
        name=name, title=title, says=says, area="billing", parameters=(RUN,), columns=lambda _asked: tuple(columns),
        rows=shown, empty=empty, keep=keep, notes=lambda asked: kept_notes(asked, name),
    )  # fmt: skip


def described_columns(columns: Sequence[Column]) -> list[dict[str, Any]]:
    """Columns as they are kept, in both languages; the keys their links open by come last, as ``origin``."""
    described = [
        {"key": each.key, "title_en": _in("en", each.title), "title_es": _in("es", each.title), "kind": each.kind,
         "total": each.total}
        for each in columns
    ]  # fmt: skip
    keys = dict.fromkeys(each.origin_key for each in columns if each.origin)
    known = {each.key for each in columns}
    described += [
        {"key": key, "title_en": "", "title_es": "", "kind": "origin", "total": False}
        for key in keys
        if key not in known
    ]
    return described


def checked(run: BillRun, name: str) -> Kept | None:
    """What is kept of a report, or nothing; an altered one is refused in words. Raises `CannotReport`."""
    try:
        found = kept(run, name)
    except Altered as error:
        raise CannotReport(
            gettext("What was kept of this report is not what stands there now: its hash differs. Call the auditor.")
        ) from error
    return found[0] if found is not None else None


def kept_notes(asked: Asked, name: str) -> list[tuple[str, str]]:
    """Whether the rows are the kept ones: since when, by whom, under which hash."""
    run = run_of(asked)
    found = kept(run, name)
    if found is None:
        return [(gettext("Kept with the run"), gettext("Not yet: computed now from the run's own rows"))]
    row = found[1]
    when = date_format(row.deed.business_date, "DATE_FORMAT")
    return [
        (gettext("Kept with the run"), f"{when}, {row.deed.actor}"),
        (gettext("Hash, checked now"), row.sha256[:16]),
    ]


def _unkept(found: Kept) -> list[Row]:
    """Kept rows as values again."""
    kinds: list[tuple[str, Kind | str]] = [(each["key"], each["kind"]) for each in found.columns]
    return [
        {key: _value(kind, value) for (key, kind), value in zip(kinds, row, strict=True)}
        for row in found.rows
    ]  # fmt: skip


def _value(kind: str, value: Any) -> Any:
    if value is None:
        return None
    if kind == "date":
        return date.fromisoformat(value)
    return Decimal(value) if kind == "number" else value


def _plain(value: Any) -> Any:
    """A value as it is kept: whole numbers and truths as such, everything else as text."""
    if value is None or isinstance(value, bool | int | str):
        return value
    return f"{value}"


def _in(language: str, words: Words) -> str:
    with translation.override(language):
        return str(words)
