"""Enacting a tariff: one person proposes the text, another approves it, and it is released with its schedule.

This is how a tariff file is enacted; in the staff app a text begins as a draft (`begin_draft`) and ends here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from meterbook.engine.rates.tariff import Tariff, Version, parse_tariff
from meterbook.records.platform.deeds import Act, operation, tell
from meterbook.records.platform.models import Approval, Deed, Document
from meterbook.records.platform.operations.approvals import request_approval
from meterbook.records.platform.operations.release_document import release_document, sha256_of
from meterbook.records.platform.roles import BILLING, FINANCE, SUPERVISOR
from meterbook.records.rates.checking import failed_cases
from meterbook.records.rates.models import ReleasedVersion, Schedule, WorkedCases

KIND = "tariff"


class WrongCases(ValueError):
    """Golden bills that are not what both computations of the tariff give, or not the ones that were approved."""


class HistoryChanged(ValueError):
    """The text changes or drops a version that was released; released rates are never rewritten."""


def citation_of(version: Version) -> str:
    """Where a version is enacted, in one line."""
    source = version.source
    return f"{source.utility}, {source.resolution}, {source.section}, adopted {source.adopted}"


@operation("rates.propose_tariff", roles={BILLING, SUPERVISOR, FINANCE})
def propose_tariff(deed: Deed, *, text: str, file: str, cases: str = "") -> Approval:
    """Ask a second person to approve a tariff document; the preview says which versions it adds.

    ``file`` names the text in messages; ``cases`` are its golden bills, if there are any. Raises
    `engine.rates.tariff.TariffError` for a wrong document, `WrongCases`, and `HistoryChanged` if an earlier version
    differs from what was released.
    """
    tariff = parse_tariff(text, file=file)
    preview = preview_of(tariff, text=text, cases=cases)
    act = Act(actor=deed.actor, business_date=deed.business_date, reason=deed.reason)
    request = request_approval(act, kind="rates.release_tariff", subject=f"tariff:{tariff.schedule}", preview=preview)
    tell(deed, "rates.tariff_proposed", approval=request.pk, schedule=tariff.schedule)
    return request


def preview_of(tariff: Tariff, *, text: str, cases: str) -> dict[str, Any]:
    """What a second person is shown: which versions the text adds. Raises `WrongCases` and `HistoryChanged`."""
    released = keep_history(tariff)
    if cases and (wrong := failed_cases(tariff, cases)):
        raise WrongCases("; ".join(wrong))
    return {
        "sha256": sha256_of(text),
        "schedule": tariff.schedule,
        "title": tariff.title,
        "adds": [
            {"version": version.version, "effective": version.effective.isoformat(), "source": citation_of(version)}
            for version in tariff.versions[released:]
        ],
    } | ({"cases_sha256": sha256_of(cases)} if cases else {})


@operation("rates.release_tariff", roles={SUPERVISOR, FINANCE})
def release_tariff(deed: Deed, *, text: str, file: str, approval: Approval, cases: str = "") -> Schedule:
    """Release an approved tariff document and point its schedule at it; the schedule is created if it is new.

    Raises what `propose_tariff` and `release_document` raise, and `HistoryChanged` for another commodity.
    """
    tariff = parse_tariff(text, file=file)
    released = keep_history(tariff)
    known = Schedule.objects.select_for_update().filter(code=tariff.schedule).first()
    if known is not None and known.commodity != tariff.commodity:
        raise HistoryChanged(f"{tariff.schedule}: found commodity {tariff.commodity}, released as {known.commodity}")
    if cases and approval.preview.get("cases_sha256") != sha256_of(cases):
        raise WrongCases(f"{tariff.schedule}: these are not the golden bills that were approved")
    newest = tariff.versions[-1]
    document = release_document(
        Act(actor=deed.actor, business_date=deed.business_date, reason=deed.reason, approval=approval),
        kind=KIND, code=tariff.schedule, effective=newest.effective, citation=citation_of(newest), body=text,
        approval=approval,
    )  # fmt: skip
    schedule, _ = Schedule.objects.update_or_create(
        code=tariff.schedule,
        defaults={
            "commodity": tariff.commodity,
            "title_en": tariff.title["en"],
            "title_es": tariff.title["es"],
            "document": document,
        },
    )
    _list_versions(schedule, tariff.versions[released:], document)
    if cases:
        WorkedCases.objects.get_or_create(
            document=document, defaults={"body": cases, "sha256": sha256_of(cases), "deed": deed}
        )
    tell(deed, "rates.tariff_released", schedule=schedule.pk, document=document.pk)
    return schedule


def _list_versions(schedule: Schedule, versions: Sequence[Version], document: Document) -> None:
    """List the versions this release brings."""
    for version in versions:
        source = version.source
        ReleasedVersion.objects.create(
            schedule=schedule, version=version.version, effective=version.effective, resolution=source.resolution,
            section=source.section, url=source.url, adopted=source.adopted, document=document,
        )  # fmt: skip


def keep_history(tariff: Tariff) -> int:
    """How many versions of ``tariff`` are released already; raise `HistoryChanged` if one of them differs."""
    newest = Document.objects.filter(kind=KIND, code=tariff.schedule).order_by("-sequence").first()
    if newest is None:
        return 0
    released = parse_tariff(newest.body, file=f"released {tariff.schedule} {newest.sequence}")
    if released.unit != tariff.unit:
        raise HistoryChanged(f"{tariff.schedule}: found unit {tariff.unit}, released with {released.unit}")
    for place, version in enumerate(released.versions):
        if place >= len(tariff.versions) or tariff.versions[place] != version:
            found = tariff.versions[place].version if place < len(tariff.versions) else "nothing"
            raise HistoryChanged(
                f"{tariff.schedule}: version {version.version} effective {version.effective} was released and must "
                f"stay as it is; found {found} that differs in its place"
            )
    return len(released.versions)
