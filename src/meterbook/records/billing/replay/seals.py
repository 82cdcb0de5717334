"""What a run was sealed with, held against what stands there now: documents, inputs as a whole, control totals."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from meterbook.engine.rates.document import TariffError
from meterbook.engine.rates.tariff import Tariff, parse_tariff
from meterbook.records.billing.models import Bill, BillRun
from meterbook.records.billing.operations.calculate_run import control_totals, documents_of
from meterbook.records.billing.replay.found import Difference
from meterbook.records.platform.models import Document

#: Control totals that never change once a run is sealed; holds are released later.
_LASTING = ("bills", "cents", "seal", "lines", "services", "tariffs")


def tariffs_of(run: BillRun) -> tuple[dict[int, Tariff], list[Difference]]:
    """The tariffs a run was priced with, read anew from their documents, and documents that are not what they were."""
    found: dict[int, Tariff] = {}
    wrong = []
    for document in Document.objects.filter(pk__in=[used.pk for used in documents_of(run)]):
        now = hashlib.sha256(document.body.encode()).hexdigest()
        name = f"{document.code} release {document.sequence}"
        if now != document.sha256:
            wrong.append(Difference("document", stored=f"{name}: {document.sha256} released", recomputed=now))
        try:
            found[document.pk] = parse_tariff(document.body, file=name)
        except TariffError as problem:
            wrong.append(Difference("document", stored=name, recomputed=f"cannot be read: {problem}"))
    return found, wrong


def broken_seals(run: BillRun, bills: int) -> Iterator[Difference]:
    """Where the run as a whole is not as it was sealed; ``bills`` were found in its chunks."""
    digest = hashlib.sha256()
    for sealed in run.chunks.order_by("number").values_list("inputs_sha256", flat=True):
        digest.update(sealed.encode())
    if digest.hexdigest() != run.inputs_sha256:
        yield Difference("inputs", stored=f"{run.inputs_sha256} sealed of the run", recomputed=digest.hexdigest())
    in_all = Bill.objects.filter(run=run).count()
    if in_all != bills:
        yield Difference("totals", stored=f"{in_all} bills", recomputed=f"{bills} bills of accounts of its chunks")
    try:
        now = control_totals(run)
    except ValueError as problem:  # its bills, segments and lines do not add up to one sum
        yield Difference("totals", stored=f"cents {run.totals['cents']} sealed", recomputed=str(problem))
        return
    for name in _LASTING:
        if name in run.totals and now[name] != run.totals[name]:
            yield Difference("totals", stored=f"{name} {run.totals[name]} sealed", recomputed=f"{name} {now[name]}")
