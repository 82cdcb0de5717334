"""Registers: any list the office keeps, with fields of its own; entries, their files and reminders."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from meterbook.engine.trace import N_, Step
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Attachment, Deed, User
from meterbook.records.platform.operations.attach_file import keep_file
from meterbook.records.platform.roles import BILLING, CASHIER, CSR, FINANCE, METER_SHOP, SUPERVISOR
from meterbook.records.registers.models import Register, RegisterEntry
from meterbook.records.registers.refusals import RegisterRefused
from meterbook.records.registers.typed import Field, checked, fields_of
from meterbook.records.tasks.opening import end_tasks, open_task

WRITERS = {CSR, BILLING, CASHIER, SUPERVISOR, FINANCE, METER_SHOP}
REMIND = "registers.remind"
_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)


@operation("registers.open_register", roles={SUPERVISOR, FINANCE})
def open_register(
    deed: Deed, *, code: str, title_en: str, title_es: str, fields: Sequence[Mapping[str, Any]]
) -> Register:
    """Open a register with its fields. Raises `RegisterRefused`."""
    if (
        not code.isascii()
        or not code.replace("_", "").isalnum()
        or len(code) > 40
        or not code.islower()
        or code == "new"
    ):
        raise RegisterRefused(Step(N_("A register's code is small letters, digits and underscores.")))
    if Register.objects.filter(code=code).exists():
        raise RegisterRefused(Step(N_("There is a register {code} already."), {"code": code}))
    if not title_en.strip() or not title_es.strip():
        raise RegisterRefused(Step(N_("Give the register a name in both languages.")))
    made = Register.objects.create(
        code=code, title_en=title_en.strip()[:80], title_es=title_es.strip()[:80],
        fields=[one.kept() for one in fields_of(fields)], deed=deed,
    )  # fmt: skip
    tell(deed, "registers.register_opened", register=made.pk, code=code)
    return made


@operation("registers.change_register", roles={SUPERVISOR, FINANCE})
def change_register(
    deed: Deed, *, register: Register, title_en: str, title_es: str, fields: Sequence[Mapping[str, Any]],
    closed: bool = False,
) -> Register:  # fmt: skip
    """Change a register's words and fields; values of a field that is gone stay on record. Raises `RegisterRefused`."""
    found = Register.objects.select_for_update().get(pk=register.pk)
    if not title_en.strip() or not title_es.strip():
        raise RegisterRefused(Step(N_("Give the register a name in both languages.")))
    found.title_en, found.title_es, found.closed = title_en.strip()[:80], title_es.strip()[:80], closed
    found.fields = [one.kept() for one in fields_of(fields)]
    found.save()
    tell(deed, "registers.register_changed", register=found.pk)
    return found


@operation("registers.keep_entry", roles=WRITERS)
def keep_entry(
    deed: Deed,
    *,
    register: Register,
    title: str,
    values: Mapping[str, Any],
    entry: RegisterEntry | None = None,
    version: int | None = None,
    remind_on: date | None = None,
    remind: User | None = None,
) -> RegisterEntry:
    """Write a new entry, or change one; on ``remind_on`` a task is due, for ``remind`` or the writer.

    Raises `RegisterRefused` for values that do not fit, a title taken, or an entry changed by somebody else meanwhile
    (``version`` is what the writer saw).
    """
    found = Register.objects.select_for_update().get(pk=register.pk)
    if found.closed and entry is None:
        raise RegisterRefused(Step(N_("This register takes no new entries.")))
    said = title.strip()
    if not said or len(said) > 160 or "\0" in said:
        raise RegisterRefused(Step(N_("Name the entry, in at most {most} characters."), {"most": 160}))
    fields = fields_of(found.fields)
    kept = checked(fields, values)
    standing = RegisterEntry.objects.filter(register=found, title=said, ended_by__isnull=True)
    if (standing.exclude(pk=entry.pk) if entry else standing).exists():
        raise RegisterRefused(Step(N_("This register has an entry “{title}” already."), {"title": said}))
    if entry is None:
        made = RegisterEntry(register=found, deed=deed)
    else:
        made = _current(entry, version)
        made.version += 1
        gone = {code: value for code, value in made.values.items() if code not in {one.code for one in fields}}
        kept = {**gone, **kept}
    made.title, made.values, made.words = said, kept, _words(fields, kept, said)
    made.remind_on, made.remind = remind_on, (remind or deed.actor) if remind_on else None
    made.save()
    _remind(deed, made)
    tell(deed, "registers.entry_kept", register=found.pk, entry=made.pk)
    return made


@operation("registers.end_entry", roles=WRITERS)
def end_entry(deed: Deed, *, entry: RegisterEntry) -> RegisterEntry:
    """End an entry; it stays on record. Raises `RegisterRefused`."""
    found = _current(entry, None)
    found.ended_by = deed
    found.save(update_fields=["ended_by"])
    end_tasks(deed, f"registerentry:{found.pk}", done=False)
    tell(deed, "registers.entry_ended", entry=found.pk)
    return found


@operation("registers.attach", roles=WRITERS)
def attach(deed: Deed, *, entry: RegisterEntry, file_name: str, content_type: str, content: bytes) -> Attachment:
    """Keep a file with an entry. Raises `TooLarge`."""
    kept = keep_file(deed, subject=f"registerentry:{entry.pk}", file_name=file_name, content_type=content_type,
                     content=content)  # fmt: skip
    tell(deed, "registers.attached", entry=entry.pk, attachment=kept.pk)
    return kept


def _current(entry: RegisterEntry, version: int | None) -> RegisterEntry:
    found = RegisterEntry.objects.select_for_update(of=("self",)).select_related("register").get(pk=entry.pk)
    if found.ended_by_id is not None:
        raise RegisterRefused(Step(N_("This entry has ended.")))
    if version is not None and found.version != version:
        raise RegisterRefused(
            Step(N_("Somebody changed this entry meanwhile. Compare it on its own page; nothing you typed is lost."))
        )  # fmt: skip
    return found


def _remind(deed: Deed, entry: RegisterEntry) -> None:
    subject = f"registerentry:{entry.pk}"
    end_tasks(deed, subject, REMIND, done=False)
    if entry.remind_on is not None and entry.remind is not None:
        open_task(
            deed, kind=REMIND, subject=subject, due_on=entry.remind_on, user=entry.remind,
            title=Step(N_("{register}: {entry}"), {"register": entry.register.title_en, "entry": entry.title}),
            link=("register_entry", [entry.register.code, entry.pk]),
        )  # fmt: skip


def _words(fields: Sequence[Field], values: Mapping[str, Any], title: str) -> str:
    """Every value as text, money in dollars, for the search."""
    told = [title]
    for one in fields:
        value = values.get(one.code)
        if value is None or one.type == "yes_no":
            continue
        told.append(f"{value // 100}.{value % 100:02d}" if one.type == "money" else str(value))
    return "\n".join(told)
