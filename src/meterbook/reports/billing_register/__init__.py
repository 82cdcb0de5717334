"""The billing register: every line of a run, in numbered parts of 250 bills each, by account number.

Kept with a posted run are each part's first and last bill, counts, amount and hash; the lines themselves are in the
books for good. A part that is shown is read from the books and must give the hash that was kept (decision 18).
"""

from __future__ import annotations

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from meterbook.records.billing.models import BillRun
from meterbook.records.billing.stages.kept import Kept
from meterbook.records.platform.models import Document
from meterbook.records.rates.queries import tariff_of
from meterbook.reports.billing_register.parts import BILLS, digest, lines_of, parts_of
from meterbook.reports.columns import always
from meterbook.reports.contract import Asked, CannotReport, Column, Parameter, Report, Row
from meterbook.reports.runs import RUN, checked, described_columns, kept_notes, run_of, source_of

NAME = "billing_register"
PART = Parameter(
    "part", _("Part"), "count", default=lambda _today: 1, least=1,
    help=_("The register is in parts of 250 bills, by account number."),
)  # fmt: skip
COLUMNS = (
    Column("bill", _("Bill"), "code", filter="text", origin="bill", origin_key="bill_id"),
    Column("account", _("Account"), "code", filter="text", origin="account", origin_key="account"),
    Column("commodity", _("Service"), "words", "commodity"),
    Column("point", _("Service point"), "text", spare=True),
    Column("schedule", _("Rate code"), "text", filter="text", spare=True),
    Column("kind", _("Kind"), "words", "segment_kind", spare=True),
    Column("charge", _("Charge"), filter="text"),
    Column("starts", _("From"), "date", spare=True),
    Column("ends", _("To"), "date", spare=True),
    Column("quantity_e6", _("Quantity"), "quantity", spare=True),
    Column("price", _("Price"), "number", spare=True),
    Column("amount", _("Amount, $"), "money", total=True),
)
#: What is kept of the register: its parts.
_PARTS = (
    Column("part", _("Part"), "count"),
    Column("first", _("First bill"), "code"),
    Column("last", _("Last bill"), "code"),
    Column("bills", _("Bills"), "count", total=True),
    Column("lines", _("Lines"), "count", total=True),
    Column("cents", _("Amount, $"), "money", total=True),
    Column("sha256", _("Hash"), "code"),
)


def rows(asked: Asked) -> list[Row]:
    """The lines of one part. Raises `CannotReport` for a part there is none of, or that is not what was kept."""
    run, part = run_of(asked), asked.count("part")
    source = source_of(run)
    bills = parts_of(run, part)
    if not bills and part > 1:
        raise CannotReport(gettext("The register has no part %(part)s.") % {"part": part})
    found = lines_of(source, bills)
    index = checked(run, NAME)
    if index is not None and bills:
        said = dict(zip([each["key"] for each in index.columns], index.rows[part - 1], strict=True))
        if said["sha256"] != digest(found):
            raise CannotReport(
                gettext(
                    "Part %(part)s is not what was kept when the run was posted: its hash differs. Call the auditor."
                )
                % {"part": part}
            )
    return _labelled(found)


def keep(run: BillRun) -> Kept:
    """The parts of a posted run's register with their hashes, a part at a time."""
    source, kept, lines = source_of(run), [], 0
    for part, bills in enumerate(iter_parts(run), 1):
        found = lines_of(source, bills)
        lines += len(found)
        kept.append(
            [
                part,
                bills[0][1],
                bills[-1][1],
                len(bills),
                len(found),
                sum(row["amount"] for row in found),
                digest(found),
            ]
        )
    return Kept(NAME, described_columns(_PARTS), kept, lines)


def iter_parts(run: BillRun) -> list[list[tuple[int, str]]]:
    """The bills of each part: id and number."""
    every = parts_of(run, None)
    return [every[at : at + BILLS] for at in range(0, len(every), BILLS)]


def _labelled(found: list[Row]) -> list[Row]:
    """Each line with its printed label in the reader's language."""
    language = "es" if (get_language() or "en").startswith("es") else "en"
    documents = Document.objects.in_bulk({row["document_id"] for row in found})
    known = {
        (pk, version.version, component.id): component
        for pk, document in documents.items()
        for version in tariff_of(document).versions
        for component in version.components
    }
    for row in found:
        component = known[row["document_id"], row["version"], row["component"]]
        row["charge"] = (component.settings.label_of(row["part"]) or component.label)[language]
    return found


def _notes(asked: Asked) -> list[tuple[str, str]]:
    every = -(-run_of(asked).bills.count() // BILLS)
    part = gettext("%(part)s of %(all)s") % {"part": asked.count("part"), "all": max(every, 1)}
    return [(gettext("Part"), part), *kept_notes(asked, NAME)]


REPORT = Report(
    name=NAME,
    title=_("Billing register"),
    says=_(
        "Every line of a run's bills, with service, rate code, days, quantity, price and amount, in numbered parts."
    ),
    area="billing",
    parameters=(RUN, PART),
    columns=always(*COLUMNS),
    rows=rows,
    empty=_("This run has made no bill."),
    keep=keep,
    notes=_notes,
)
