"""Writing letters: one by hand to one account, or one text to many accounts at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from meterbook.engine.trace import N_, Step
from meterbook.records.contacts.logging import log_contact
from meterbook.records.correspondence.merging import LONGEST, filled, paragraphs
from meterbook.records.correspondence.models import LetterMerge, OfficeLetter, TemplateVersion
from meterbook.records.correspondence.refusals import LetterRefused
from meterbook.records.correspondence.values import Addressed, addressed
from meterbook.records.customers.models import Account
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, CSR, FINANCE, SUPERVISOR

#: More letters than this are not written in one go; a city's mailing goes to the print house as a file of fields.
MOST = 5_000


@operation("correspondence.write_letter", roles={CSR, BILLING, SUPERVISOR, FINANCE})
def write_letter(
    deed: Deed, *, account: Account, language: str, subject: str, text: str, version: TemplateVersion | None = None
) -> OfficeLetter:
    """Write one letter; its text is what stands on the page, with nothing filled in any more.

    It is logged as a contact of the account. Raises `LetterRefused` without subject or text.
    """
    kept, about = paragraphs(text.replace("\r\n", "\n")), " ".join(subject.split())
    if not kept or not about or len(about) > 160 or len(text) > LONGEST or "\0" in text:
        raise LetterRefused(Step(N_("A letter has a subject of one line and a text of at least one paragraph.")))
    [to] = addressed([account], deed.business_date, language=language)
    made = OfficeLetter.objects.create(
        account=account, version=version, language=language, written_on=deed.business_date, mail=list(to.mail),
        subject=about, paragraphs=kept, citation=version.citation if version else "", deed=deed,
    )  # fmt: skip
    log_contact(deed, account=account, channel="letter", direction="out", reason="other", words=about)
    tell(deed, "correspondence.letter_written", letter=made.pk, account=account.pk)
    return made


@operation("correspondence.merge_letters", roles={BILLING, SUPERVISOR, FINANCE})
def merge_letters(
    deed: Deed, *, version: TemplateVersion, accounts: Sequence[Account], asked: dict[str, Any], key: str
) -> LetterMerge:
    """Write a template's letter to many accounts, each in its holder's language; the same ``key`` again is the same.

    Raises `LetterRefused` for no account, for more than `MOST`, and where the template is out of use.
    """
    before = LetterMerge.objects.filter(key=key).first()
    if before is not None:
        return before
    if not accounts or len(accounts) > MOST:
        raise LetterRefused(
            Step(N_("Found {found} accounts, expected 1 to {most}."), {"found": len(accounts), "most": MOST})
        )
    if not version.template.in_use:
        raise LetterRefused(Step(N_("The letter {code} is out of use."), {"code": version.template.code}))
    made = LetterMerge.objects.create(
        version=version, written_on=deed.business_date, asked=asked, letters=len(accounts), key=key, deed=deed
    )
    letters = [_of(deed, made, version, to) for to in addressed(accounts, deed.business_date)]
    OfficeLetter.objects.bulk_create(letters, batch_size=500)
    tell(deed, "correspondence.letters_merged", merge=made.pk, letters=len(letters))
    return made


def _of(deed: Deed, merge: LetterMerge, version: TemplateVersion, to: Addressed) -> OfficeLetter:
    subject, body = drawn(version, to)
    return OfficeLetter(
        account=to.account, version=version, merge=merge, language=to.language, written_on=deed.business_date,
        mail=list(to.mail), subject=subject, paragraphs=paragraphs(body), citation=version.citation, deed=deed,
    )  # fmt: skip


def drawn(version: TemplateVersion, to: Addressed) -> tuple[str, str]:
    """Subject and text of a template for one account, in its language, every field filled in."""
    es = to.language == "es"
    subject, body = (version.subject_es, version.body_es) if es else (version.subject_en, version.body_en)
    return filled(subject, to.values)[:160], filled(body, to.values)
