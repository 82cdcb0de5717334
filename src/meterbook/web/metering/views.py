"""Read files: the list, one file with its corrections, every correction, taking a file in."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from meterbook.records.metering.hub.sources import outcome_of
from meterbook.records.platform import screens
from meterbook.web.kit.access import may, page
from meterbook.web.kit.forms import FormPage, form_page, sent
from meterbook.web.kit.sections import READS
from meterbook.web.kit.tables import Table, table_page
from meterbook.web.metering.columns import BATCHES, CORRECTIONS
from meterbook.web.metering.forms import ReadFile
from meterbook.web.metering.hub.taking import take_in


@page(READS)
def reads(request: HttpRequest) -> HttpResponseBase:
    """Read files taken in."""
    table = Table(
        request, screens.import_batches("reads"), BATCHES, order=("-id",), name="read-files", title=_("Read files"),
        empty=_("No read file yet. Take in the first one with “Import reads”."),
        search=("file_name",), search_label=_("File name"),
    )  # fmt: skip
    context = {"may_import": may(request, "metering.import_reads"), "waiting": screens.waiting_corrections("reads")}
    return table_page(request, "metering/batches.html", table, context)


@page(READS)
def read_batch(request: HttpRequest, batch_id: int) -> HttpResponseBase:
    """One read file: what came of its rows, and those that could not be taken."""
    batch = screens.import_batch(batch_id)
    if batch is None:
        raise Http404(str(batch_id))
    table = Table(
        request, screens.corrections(kind="reads", batch_id=batch_id), CORRECTIONS[1:], order=("line", "id"),
        name=f"corrections-{batch_id}", title=batch["file_name"], empty=_("Every row of this file was taken."),
    )  # fmt: skip
    return table_page(request, "metering/batch.html", table, {"batch": batch, "outcome": outcome_of(batch_id)})


@page(READS)
def corrections(request: HttpRequest) -> HttpResponseBase:
    """Every row that could not be taken and waits for someone."""
    table = Table(
        request, screens.corrections(kind="reads"), CORRECTIONS, order=("-batch_id", "line", "id"),
        name="corrections", title=_("Correction list"),
        empty=_("Nothing to correct: every row of every file was taken."),
        search=("found", "raw"), search_label=_("In the row"),
    )  # fmt: skip
    return table_page(request, "metering/corrections.html", table)


@page(READS)
def import_page(request: HttpRequest) -> HttpResponseBase:
    """Take a read file in."""
    form = ReadFile(sent(request), request.FILES or None, initial={"source": request.GET.get("source", "")})
    return form_page(request, form, IMPORT, lambda given: take_in(request, given), {"crumb": "reads"})


IMPORT = FormPage(
    title=_("Import reads"),
    button=_("Import reads"),
    back="reads",
    lead=_(
        "Good rows load at once. Rows that cannot be taken go to the correction list with line, field, found and "
        "expected. The same file again changes nothing; a damaged file loads nothing."
    ),
)
