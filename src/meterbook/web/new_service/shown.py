"""What the pages of new service show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext

from meterbook.formats.registry import discover
from meterbook.records.new_service import screens
from meterbook.records.new_service.proposing import Proposal, proposal_of
from meterbook.records.platform.queries import business_date
from meterbook.web.kit.access import may
from meterbook.web.kit.cells import Row
from meterbook.web.kit.contact import masked_email, masked_phone, sees_contact
from meterbook.web.kit.language import bilingual


def formats() -> list[tuple[str, str]]:
    """The formats of permits."""
    return [(one.name, one.title) for one in discover().values() if one.kind == "permits"]


def of_batch(batch: Any) -> str:
    """What a file brought, in a sentence."""
    return gettext(
        "%(rows)s rows: %(loaded)s new or changed, %(unchanged)s as they were, %(rejected)s that could not be taken."
    ) % {"rows": batch.rows, "loaded": batch.loaded, "unchanged": batch.unchanged, "rejected": batch.rejected}


def proposed(permit: Any) -> tuple[Proposal, dict[str, Any]]:
    """What a permit proposes, and how the form begins."""
    day = business_date()
    found, said = proposal_of(permit, day), permit.said
    missing = [one for one in found.points if one.there is None]
    lines = [", ".join(filter(None, (one.commodity, one.size, one.route))) if one.metered else one.commodity
             for one in missing]  # fmt: skip
    premise = found.premise
    return found, {
        "parcel": found.parcel.number if found.parcel else permit.parcel_number,
        "owner": "" if found.parcel else said.get("owner") or permit.applicant,
        "street_number": permit.street_number, "street": premise.street if premise else permit.street,
        "unit": permit.unit, "city": premise.city if premise else found.city,
        "state": premise.state if premise else found.state,
        "postal_code": premise.postal_code if premise else said.get("postal_code", ""),
        "premise_class": premise.premise_class if premise else said.get("class") or "residential",
        "points": "\n".join(lines), "starts": day, "set_meters": True,
    }  # fmt: skip


def about_permit(request: HttpRequest, permit: Any, proposal: Proposal) -> dict[str, object]:
    """What stands around a permit's form."""
    said = dict(permit.said)
    if not sees_contact(request):
        said |= {"phone": masked_phone(said.get("phone", "")), "email": masked_email(said.get("email", ""))}
    return {
        "item": permit, "said": said, "proposal": proposal, "points": screens.points_of(permit.pk),
        "quotes": screens.quotes_of(permit.pk), "may_take": may(request, "new_service.take_permit"),
        "may_dismiss": may(request, "new_service.dismiss_permit"),
    }  # fmt: skip


def lines_of(quote: Any) -> list[Row]:
    """The lines of a quote in the reader's language."""
    at = 2 if bilingual() == "es" else 1
    return [
        {"words": line[at], "quantity": line[3], "unit": line[4], "price": line[5], "cents": line[6]}
        for line in quote.lines
    ]


def kinds(day: Any) -> Sequence[tuple[str, str]]:
    """Kinds of installation in the reader's language."""
    return [(code, one.words[bilingual()]) for code, one in screens.kinds_on(day).items()]
