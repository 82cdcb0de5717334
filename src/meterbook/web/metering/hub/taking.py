"""Taking an uploaded file in: from a source, as it says, or as a plain format."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from meterbook.records.metering.hub.operations.receive_file import receive_file
from meterbook.records.metering.hub.sources import find_source
from meterbook.records.metering.operations.import_reads import import_reads
from meterbook.web.kit.access import act


def take_in(request: HttpRequest, given: dict[str, Any]) -> str:
    """Do the deed, say what came of it, and where to look at it."""
    file, source = given["file"], find_source(int(given["source"] or 0))
    if source is not None:
        received = receive_file(act(request), source=source, file_name=file.name, content=file.read())
        if received.batch is None:
            messages.error(request, gettext("The file was refused: %(why)s") % {"why": received.refusal})
            return reverse("read_source", args=[source.pk])
        batch = received.batch
    else:
        batch = import_reads(act(request), format=given["format"], file_name=file.name, content=file.read())
    counts = {"loaded": batch.loaded, "rows": batch.rows, "rejected": batch.rejected}
    messages.success(request, gettext("%(loaded)d of %(rows)d rows loaded, %(rejected)d to correct.") % counts)
    return reverse("read_batch", args=[batch.pk])
