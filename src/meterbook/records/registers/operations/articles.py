"""What the office knows: written, released at once or by a second person, ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.backends.postgresql.psycopg_any import DateRange

from meterbook.engine.trace import N_, Step
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, FINANCE, SUPERVISOR
from meterbook.records.platform.turns import one_at_a_time
from meterbook.records.registers.models import Article, ArticleVersion
from meterbook.records.registers.refusals import RegisterRefused

LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Text:
    """What an article says in one language."""

    title: str
    body: str


@operation("registers.write_article", roles={SUPERVISOR, FINANCE, BILLING})
def write_article(
    deed: Deed, *, code: str, kind: str, english: Text, spanish: Text, citation: str, starts: date, second: bool = False
) -> ArticleVersion:
    """Write what an article says from a day on; the first one makes the article.

    Held at once where the writer is a supervisor or the finance director and asks for no ``second`` person; a draft
    else. Raises `RegisterRefused`.
    """
    one_at_a_time(f"article:{code}")
    if kind not in Article.KINDS:
        raise RegisterRefused(Step(N_("Choose what the article is about.")))
    for text in (english, spanish):
        if (
            not text.title.strip()
            or not text.body.strip()
            or len(text.body) > LONGEST
            or "\0" in text.title + text.body
        ):
            raise RegisterRefused(Step(N_("An article has a title and a text in English and in Spanish.")))
    if not citation.strip():
        raise RegisterRefused(Step(N_("Say where it stands: an ordinance, a resolution, a page.")))
    article, _new = Article.objects.get_or_create(code=code, defaults={"kind": kind, "deed": deed})
    made = ArticleVersion.objects.create(
        article=article, title_en=english.title.strip()[:120], title_es=spanish.title.strip()[:120],
        body_en=english.body.strip(), body_es=spanish.body.strip(), citation=citation.strip()[:300],
        validity=DateRange(starts, None), written_by=deed,
    )  # fmt: skip
    tell(deed, "registers.article_written", article=article.pk, version=made.pk)
    if not second and release_article.permitted(deed.actor, deed.business_date):
        _released(deed, made)
    return made


@operation("registers.release_article", roles={SUPERVISOR, FINANCE})
def release_article(deed: Deed, *, version: ArticleVersion) -> ArticleVersion:
    """Release a draft somebody else wrote; the version before ends that day. Raises `RegisterRefused`."""
    found = ArticleVersion.objects.select_for_update(of=("self",)).select_related("article", "written_by").get(
        pk=version.pk
    )  # fmt: skip
    if found.state != ArticleVersion.DRAFT:
        raise RegisterRefused(Step(N_("This draft was released or dropped already.")))
    if found.written_by.actor_id == deed.actor.pk:
        raise RegisterRefused(Step(N_("You wrote this; somebody else releases it.")))
    _released(deed, found)
    return found


@operation("registers.drop_article", roles={SUPERVISOR, FINANCE, BILLING})
def drop_article(deed: Deed, *, version: ArticleVersion) -> ArticleVersion:
    """Drop a draft. Raises `RegisterRefused`."""
    found = ArticleVersion.objects.select_for_update().get(pk=version.pk)
    if found.state != ArticleVersion.DRAFT:
        raise RegisterRefused(Step(N_("This draft was released or dropped already.")))
    found.state = ArticleVersion.DROPPED
    found.save(update_fields=["state"])
    tell(deed, "registers.article_dropped", article=found.article_id, version=found.pk)
    return found


def _released(deed: Deed, made: ArticleVersion) -> None:
    one_at_a_time(f"article:{made.article.code}")
    standing = ArticleVersion.objects.filter(article=made.article, state=ArticleVersion.RELEASED)
    if standing.filter(validity__startswith__gte=made.validity.lower).exists():
        raise RegisterRefused(
            Step(N_("A version that begins on {day} or later is released already."), {"day": made.validity.lower})
        )
    before = standing.filter(validity__contains=made.validity.lower).first()
    if before is not None:
        before.validity = DateRange(before.validity.lower, made.validity.lower)
        before.save(update_fields=["validity"])
    made.state, made.released_by = ArticleVersion.RELEASED, deed
    made.save(update_fields=["state", "released_by"])
    tell(deed, "registers.article_released", article=made.article_id, version=made.pk)
