"""The library of the tests' office: an article with a draft, a register with an entry and its file, a list of files."""

from __future__ import annotations

from datetime import date

from tests.web.office import BILL_2, Office, act

from meterbook.records.platform.models import Attachment, Deed
from meterbook.records.registers.models import ArticleVersion, DestructionList, Register, RegisterEntry
from meterbook.records.registers.operations.articles import Text, write_article
from meterbook.records.registers.operations.lists import attach, keep_entry, open_register
from meterbook.records.registers.operations.retention import list_destruction

PLAIN = ("library", "new_article", "registers", "open_register", "retention")
FILES = {"register_file"}
FIELDS = [
    {"code": "supplies", "en": "Supplies", "es": "Suministra", "type": "text", "required": True},
    {"code": "limit", "en": "Limit", "es": "Límite", "type": "money"},
    {"code": "until", "en": "Until", "es": "Hasta", "type": "date"},
    {"code": "rank", "en": "Rank", "es": "Orden", "type": "choice", "choices": ["first", "second"]},
]


def vendor(office: Office) -> RegisterEntry:
    """A vendor in a register of vendors."""
    found = RegisterEntry.objects.filter(register__code="vendors", title="Valley Print").first()
    if found is None:
        boss = act(office.staff["supervisor"], BILL_2)
        register = Register.objects.filter(code="vendors").first() or open_register(
            boss, code="vendors", title_en="Vendors", title_es="Proveedores", fields=FIELDS
        )
        found = keep_entry(boss, register=register, title="Valley Print", remind_on=date(2026, 12, 1),
                           values={"supplies": "Bills", "limit": "82000.00", "until": "2026-12-31"})  # fmt: skip
        attach(boss, entry=found, file_name="contract.txt", content_type="text/plain", content=b"signed")
    return found


def drafted(office: Office) -> ArticleVersion:
    """An article that holds, and what it is to say from October on, which waits."""
    found = ArticleVersion.objects.filter(article__code="watering", state="draft").first()
    if found is None:
        texts = {"english": Text("Watering days", "Even numbers water on Tuesday."),
                 "spanish": Text("Días de riego", "Los pares riegan el martes.")}  # fmt: skip
        write_article(act(office.staff["supervisor"], BILL_2), code="watering", kind="conservation", citation="13.12",
                      starts=date(2026, 9, 1), **texts)  # fmt: skip
        found = write_article(act(office.staff["billing"], BILL_2), code="watering", kind="conservation",
                              citation="13.12", starts=date(2026, 10, 1), **texts)  # fmt: skip
    return found


def outlived(office: Office) -> DestructionList:
    """A file kept six years ago, on a list that waits for a second person."""
    found = DestructionList.objects.first()
    if found is None:
        long_ago = Deed.objects.create(kind="test.old", actor=office.staff["system"], business_date=date(2020, 1, 2))
        Attachment.objects.create(subject="case:0", file_name="old.txt", content_type="text/plain", sha256="0" * 64,
                                  content=b"old", deed=long_ago)  # fmt: skip
        found = list_destruction(act(office.staff["supervisor"], BILL_2, "yearly"), retention="cases")
    return found


def arguments(office: Office) -> dict[str, list[object]]:
    """The arguments of the pages of the library."""
    entry = vendor(office)
    at = ["vendors", entry.pk]
    return {
        "article": ["watering"], "write_article": ["watering"], "article_draft": [drafted(office).pk],
        "register": ["vendors"], "change_register": ["vendors"], "new_register_entry": ["vendors"],
        "register_entry": at, "change_register_entry": at, "end_register_entry": at, "attach_register_entry": at,
        "register_file": [*at, Attachment.objects.get(subject=f"registerentry:{entry.pk}").pk],
        "destruction_list": [outlived(office).pk],
    }  # fmt: skip
