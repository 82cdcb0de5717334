"""An authorisation goes along when its payer moves to another account: only with their consent, given anew."""

from __future__ import annotations

from meterbook.records.autopay.enrolling import end, happened
from meterbook.records.autopay.models import Enrolment
from meterbook.records.autopay.settings import rules_on
from meterbook.records.customers.models import Account
from meterbook.records.platform.deeds import tell
from meterbook.records.platform.models import Deed


def alive(account: Account) -> Enrolment | None:
    """The authorisation an account has, if any."""
    rows = Enrolment.objects.filter(account=account).exclude(state=Enrolment.ENDED)
    return rows.order_by("pk").first()


def carried(deed: Deed, enrolment: Enrolment, to: Account, *, by: str) -> Enrolment:
    """Draw ``to`` on the bank account of an authorisation as well, as ``by`` agreed by phone; the old one goes on
    until its account's last bill is drawn. The bank account needs no second prenote."""
    document, rules = rules_on(deed.business_date)
    sec = rules.sec_of(business=enrolment.business, how="phone")
    made = Enrolment.objects.create(
        account=to, name=enrolment.name, business=enrolment.business, routing=enrolment.routing,
        sealed_number=enrolment.sealed_number, last_four=enrolment.last_four, mark=enrolment.mark,
        account_type=enrolment.account_type, day=enrolment.day, limit_cents=enrolment.limit_cents, how="phone",
        sec=sec, authorised_by=by[:80], authorised_on=deed.business_date, language=enrolment.language,
        text_shown=rules.words(enrolment.language), document=document, state=enrolment.state,
        drafts_from=enrolment.drafts_from, why=enrolment.why,
        validation=enrolment.validation if sec in rules.validated_classes else "not_needed",
        validated_by=enrolment.validated_by, deed=deed,
    )  # fmt: skip
    happened(deed, [made], "enrolled", detail={"bank": f"…{made.last_four}", "how": "phone"})
    tell(deed, "autopay.enrolled", enrolment=made.pk, account=to.pk)
    return made


def stopped(deed: Deed, account: Account) -> bool:
    """End an account's authorisation at once, as part of another deed; whether there was one."""
    found = alive(account)
    if found is None:
        return False
    end(deed, found, why="the customer moved out and wants no more drafts")
    tell(deed, "autopay.ended", enrolment=found.pk, account=account.pk)
    return True
