"""What pages show of registers, of what the office knows, and of files that have been kept long enough."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Count, F, Q, QuerySet

from meterbook.records.platform.models import Attachment, Deed
from meterbook.records.platform.policies import NoPolicy
from meterbook.records.registers.models import Article, ArticleVersion, DestructionList, Register, RegisterEntry
from meterbook.records.registers.outlived import files_before, keeps_until
from meterbook.records.registers.settings import retention_on

_SEARCH = """
SELECT v.id, a.code, a.kind, v.title_{language}, v.citation, lower(v.validity),
       ts_headline('pg_catalog.{config}', v.body_{language}, q.query,
                   'StartSel="", StopSel="", MaxFragments=1, MaxWords=30, MinWords=12'),
       ts_rank(setweight(to_tsvector('pg_catalog.{config}', v.title_{language}), 'A')
               || to_tsvector('pg_catalog.{config}', v.body_{language}), q.query) AS rank
  FROM registers_articleversion v JOIN registers_article a ON a.id = v.article_id,
       LATERAL (SELECT websearch_to_tsquery('pg_catalog.{config}', %(asked)s) AS query) q
 WHERE v.state = 'released' AND v.validity @> %(day)s::date
   AND to_tsvector('pg_catalog.{config}', v.title_{language} || ' ' || v.body_{language}) @@ q.query
   AND (%(kind)s = '' OR a.kind = %(kind)s)
 ORDER BY rank DESC, a.code LIMIT 50
"""
_CONFIGS = {"en": "english", "es": "spanish"}


def known(asked: str, day: date, *, language: str, kind: str = "") -> list[dict[str, Any]]:
    """Articles that held on a day: those the words find, the best first, or all of them where nothing is asked."""
    if not asked.strip():
        rows = ArticleVersion.objects.filter(state="released", validity__contains=day)
        rows = rows.filter(article__kind=kind) if kind else rows
        found = rows.order_by("article__kind", f"title_{language}").values(
            "id", "citation", code=F("article__code"), about=F("article__kind"), title=F(f"title_{language}"),
            since=F("validity__startswith"), body=F(f"body_{language}"),
        )  # fmt: skip
        return [{**row, "kind": row["about"], "words": row["body"][:800]} for row in found[:200]]
    sql = _SEARCH.format(language=language, config=_CONFIGS[language])
    with connection.cursor() as cursor:
        cursor.execute(sql, {"asked": asked[:200], "day": day, "kind": kind})
        rows_found = cursor.fetchall()
    names = ("id", "code", "kind", "title", "citation", "since", "words")
    return [dict(zip(names, row[:7], strict=True)) for row in rows_found]


def article(code: str, day: date) -> ArticleVersion | None:
    """What an article says on a day; the newest it ever said where it says nothing that day."""
    about = ("article", "written_by__actor", "released_by__actor")
    rows = ArticleVersion.objects.filter(article__code=code, state="released").select_related(*about)
    return rows.filter(validity__contains=day).first() or rows.order_by("-validity").first()


def versions(code: str) -> list[ArticleVersion]:
    """Every version of an article that is not dropped, the newest first."""
    rows = ArticleVersion.objects.filter(article__code=code).exclude(state="dropped")
    return list(rows.select_related("written_by__actor", "released_by__actor").order_by("-validity", "-pk"))


def version(version_id: int) -> ArticleVersion | None:
    """One version."""
    about = ("article", "written_by__actor", "released_by__actor")
    return ArticleVersion.objects.filter(pk=version_id).select_related(*about).first()


def drafts() -> list[ArticleVersion]:
    """Drafts that wait for a second person."""
    rows = ArticleVersion.objects.filter(state="draft").select_related("article", "written_by__actor")
    return list(rows.order_by("pk"))


def article_kinds() -> tuple[str, ...]:
    """What articles are about."""
    return Article.KINDS


def registers() -> list[Any]:
    """Every register with how many entries stand in it."""
    standing = Count("entries", filter=Q(entries__ended_by__isnull=True))
    return list(Register.objects.annotate(standing=standing).order_by("closed", "title_en"))


def register(code: str) -> Register | None:
    """One register."""
    return Register.objects.filter(code=code).first()


def entries(found: Register, *, ended: bool = False) -> QuerySet[RegisterEntry, Any]:
    """The entries of a register with their values."""
    rows = RegisterEntry.objects.filter(register=found, ended_by__isnull=not ended)
    return rows.values("id", "title", "values", "remind_on", "version", remind_name=F("remind__username"))


def entry(code: str, entry_id: int) -> RegisterEntry | None:
    """One entry of a register."""
    about = ("register", "deed__actor", "remind", "ended_by__actor")
    return RegisterEntry.objects.filter(register__code=code, pk=entry_id).select_related(*about).first()


def files(entry_id: int) -> list[Attachment]:
    """Files of an entry, without their content."""
    rows = Attachment.objects.filter(subject=f"registerentry:{entry_id}").defer("content")
    return list(rows.select_related("deed__actor").order_by("pk"))


def file_of(entry_id: int, file_id: int) -> Attachment | None:
    """One file of an entry."""
    return Attachment.objects.filter(subject=f"registerentry:{entry_id}", pk=file_id).first()


def history(entry_id: int) -> list[dict[str, Any]]:
    """Every change of an entry, the newest first: when, by whom, and what it was called then."""
    rows = RegisterEntry.events.rel.related_model.objects.filter(pgh_obj_id=entry_id)  # type: ignore[attr-defined]
    by = F("pgh_context__metadata__deed")
    found = list(rows.order_by("-pgh_id").values("pgh_created_at", "title", "version", by_deed=by)[:50])
    known_by = Deed.objects.select_related("actor").in_bulk([row["by_deed"] for row in found if row["by_deed"]])
    return [{**row, "by": known_by.get(row["by_deed"])} for row in found]


def outlived(day: date) -> list[dict[str, Any]]:
    """Each class of files with its rule, and how many files are kept long enough."""
    try:
        classes = retention_on(day)[1]
    except NoPolicy:
        return []
    return [
        {"code": one.code, "words": one.words, "years": one.years, "citation": one.citation,
         "before": keeps_until(day, one.years), "count": len(files_before(one, keeps_until(day, one.years)))}
        for one in classes.values()
    ]  # fmt: skip


def destruction_lists() -> list[DestructionList]:
    """Every list of files to be destroyed, the newest first."""
    about = ("asked_by__actor", "decided_by__actor", "approval__requested_by")
    return list(DestructionList.objects.select_related(*about).order_by("-pk")[:50])


def destruction_list(list_id: int) -> DestructionList | None:
    """One list."""
    about = ("asked_by__actor", "decided_by__actor", "approval__requested_by")
    return DestructionList.objects.filter(pk=list_id).select_related(*about).first()
