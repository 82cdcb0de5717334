"""From an authorisation on record to the letter that confirms it."""

from __future__ import annotations

from meterbook.notices.autopay_confirmation.words import words
from meterbook.notices.letters import Letter, long_day, money, set_letters, to_holder
from meterbook.records.autopay.models import Enrolment
from meterbook.records.platform.queries import utility


class NoSuchEnrolment(LookupError):
    """There is no such authorisation."""


def confirmation(enrolment_id: int) -> Letter:
    """The letter in the language of the authorisation, stated on the day it was taken. Raises `NoSuchEnrolment`."""
    rows = Enrolment.objects.filter(pk=enrolment_id).select_related("account__holder", "document", "deed")
    found = rows.first()
    if found is None:
        raise NoSuchEnrolment(f"no autopay enrolment {enrolment_id}")
    account, w, house = found.account, words(found.language), utility()
    when = w["on_day"].format(day=found.day) if found.day else w["on_due"]
    begins = (
        w["begins"].format(day=long_day(found.drafts_from, found.language)) if found.drafts_from else w["after_prenote"]
    )
    limit = [[w["limit"], money(found.limit_cents)]] if found.limit_cents else []
    return to_holder(
        account, language=found.language, on=found.deed.business_date, title=w["title"],
        account=w["account"].format(number=account.number), about="",
        greeting=w["greeting"].format(name=account.holder.name), said=[w["thanks"], begins, w["until"]],
        heads=[w["what"], w["agreed"]],
        rows=[
            [w["by"], found.authorised_by],
            [w["how"], f"{w[found.how]}, {long_day(found.authorised_on, found.language)}"],
            [w["bank"], f"{w[found.account_type]} …{found.last_four}"], [w["when"], when], *limit,
        ],
        closing=[found.text_shown, w["revoke"].format(phone=house.phone, email=house.email)],
        rule=w["rule"].format(citation=" ".join(found.document.citation.split())),
    )  # fmt: skip


def render_letter(enrolment_id: int) -> bytes:
    """The letter as a PDF. Raises `NoSuchEnrolment` and `NotSet`."""
    return set_letters([confirmation(enrolment_id)])
