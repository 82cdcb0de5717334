"""Keeping the office's letters: a template is begun, its text saved as a new version, and taken out of use."""

from __future__ import annotations

import re
from dataclasses import dataclass

from meterbook.engine.trace import N_, Step
from meterbook.records.correspondence.merging import checked
from meterbook.records.correspondence.models import LetterTemplate, TemplateVersion
from meterbook.records.correspondence.refusals import LetterRefused
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, SUPERVISOR

_CODE = re.compile(r"[a-z0-9][a-z0-9-]{1,39}")


@dataclass(frozen=True, slots=True)
class TemplateText:
    """The text of a template in both languages, and the rule it rests on if there is one."""

    subject_en: str
    body_en: str
    subject_es: str
    body_es: str
    citation: str = ""


@operation("correspondence.begin_template", roles={BILLING, SUPERVISOR})
def begin_template(deed: Deed, *, code: str, title_en: str, title_es: str, text: TemplateText) -> LetterTemplate:
    """Begin a template with its first version. Raises `LetterRefused` for a code taken or ill formed."""
    if not _CODE.fullmatch(code):
        raise LetterRefused(
            Step(N_("Code: found {found}, expected 2 to 40 small letters, digits and hyphens."), {"found": code})
        )
    made, new = LetterTemplate.objects.get_or_create(code=code, defaults={"title_en": title_en, "title_es": title_es})
    if not new:
        raise LetterRefused(Step(N_("There is a letter with the code {code} already."), {"code": code}))
    _save(deed, made, text, after=0)
    tell(deed, "correspondence.template_begun", template=made.pk)
    return made


@operation("correspondence.save_template", roles={BILLING, SUPERVISOR})
def save_template(deed: Deed, *, template: LetterTemplate, text: TemplateText, seen: int) -> TemplateVersion:
    """Save a new version over the one ``seen``; letters already written keep theirs.

    Raises `LetterRefused` where somebody saved a version in the meantime, or nothing would change.
    """
    locked = LetterTemplate.objects.select_for_update().get(pk=template.pk)
    made = _save(deed, locked, text, after=seen)
    tell(deed, "correspondence.template_saved", template=locked.pk, sequence=made.sequence)
    return made


@operation("correspondence.use_template", roles={BILLING, SUPERVISOR})
def use_template(deed: Deed, *, template: LetterTemplate, in_use: bool) -> LetterTemplate:
    """Take a template out of use, or back into it."""
    locked = LetterTemplate.objects.select_for_update().get(pk=template.pk)
    locked.in_use = in_use
    locked.save(update_fields=["in_use"])
    tell(deed, "correspondence.template_used", template=locked.pk, in_use=in_use)
    return locked


def _save(deed: Deed, template: LetterTemplate, text: TemplateText, *, after: int) -> TemplateVersion:
    newest = template.versions.order_by("-sequence").first()
    found = newest.sequence if newest else 0
    if found != after:
        by, when = (newest.deed.actor.username, newest.deed.business_date) if newest else ("", deed.business_date)
        raise LetterRefused(
            Step(N_("{by} saved version {found} on {when}, after you opened version {seen}. What you typed is still "
                    "here; look at the newest version before you save over it."),
                 {"by": by, "found": found, "when": str(when), "seen": after})
        )  # fmt: skip
    kept = {
        "subject_en": _line(text.subject_en, Step(N_("Subject in English"))),
        "body_en": checked(text.body_en, where=Step(N_("Text in English"))),
        "subject_es": _line(text.subject_es, Step(N_("Subject in Spanish"))),
        "body_es": checked(text.body_es, where=Step(N_("Text in Spanish"))),
        "citation": text.citation.strip()[:300],
    }
    if newest and all(getattr(newest, name) == value for name, value in kept.items()):
        raise LetterRefused(Step(N_("Nothing changed since version {found}."), {"found": found}))
    return TemplateVersion.objects.create(template=template, sequence=found + 1, deed=deed, **kept)


def _line(text: str, where: Step) -> str:
    """A subject: one line with known fields."""
    clean = checked(text, where=where)
    if "\n" in clean or len(clean) > 160:
        raise LetterRefused(Step(N_("{where}: expected one line of at most 160 characters."), {"where": where}))
    return clean
