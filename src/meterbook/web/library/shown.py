"""Values of registers as a reader sees them, and the columns of a register's table."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.records.registers.typed import Field, fields_of
from meterbook.web.kit import figures
from meterbook.web.kit.cells import Column, Kind, Row
from meterbook.web.kit.language import bilingual

_KINDS: dict[str, Kind] = {"money": "money", "number": "number", "date": "date", "yes_no": "flag"}
SPARE_AFTER = 4


def columns(register: Any) -> tuple[Column, ...]:
    """The columns of a register: its entries' names, its fields, the reminder."""
    spanish, made = bilingual() == "es", []
    for at, one in enumerate(fields_of(register.fields)):
        if one.type == "long_text":
            continue
        kind: Kind = _KINDS.get(one.type, "text")
        text = one.type in ("text", "phone", "email", "link")
        made.append(
            Column(
                one.code, one.es if spanish else one.en, kind=kind, source=f"values__{one.code}",
                spare=at >= SPARE_AFTER,
                filter="text" if text else "choice" if one.type == "choice" else "", choices=one.choices,
            )
        )  # fmt: skip
    return (
        Column("title", _("Name"), filter="text",
               href=lambda row: reverse("register_entry", args=[register.code, row["id"]])),
        *made,
        Column("remind_on", _("Remind on"), kind="date", spare=True),
    )  # fmt: skip


def spread(register: Any, rows: list[Row]) -> None:
    """Put each row's values where the columns look for them."""
    fields = fields_of(register.fields)
    for row in rows:
        row |= {one.code: _plain(one, row["values"].get(one.code)) for one in fields}


def _plain(one: Field, value: Any) -> Any:
    if value is None:
        return None
    return date.fromisoformat(value) if one.type == "date" else value


def told(register: Any, values: dict[str, Any]) -> list[tuple[str, str, str]]:
    """An entry's values in words: label, text, and the address of a link."""
    spanish, made = bilingual() == "es", []
    for one in fields_of(register.fields):
        value = values.get(one.code)
        if value is None:
            continue
        text = {
            "money": lambda v: figures.money(v), "date": lambda v: figures.day(date.fromisoformat(v)),
            "yes_no": lambda v: gettext("Yes") if v else gettext("No"),
        }.get(one.type, str)(value)  # fmt: skip
        made.append((one.es if spanish else one.en, str(text), str(value) if one.type == "link" else ""))
    return made


def first_values(register: Any, entry: Any) -> dict[str, Any]:
    """What a form begins with: an entry's values as they are typed."""
    found: dict[str, Any] = {"title": entry.title, "version": entry.version, "remind_on": entry.remind_on,
                             "remind": str(entry.remind_id or "")}  # fmt: skip
    for one in fields_of(register.fields):
        value = entry.values.get(one.code)
        if value is not None:
            money = one.type == "money"
            found[f"f_{one.code}"] = f"{value // 100}.{value % 100:02d}" if money else _plain(one, value)
    return found
