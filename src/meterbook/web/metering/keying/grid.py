"""A block of the sheet as it is shown and as it comes back: a row a register, what was typed, what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext

from meterbook.engine.metering.validation import rules
from meterbook.engine.metering.validation.figures import words
from meterbook.records.metering.hub.keying import SheetRow, Verdict, photos_of, sheet, skipped_on
from meterbook.records.metering.hub.not_read import REASONS
from meterbook.web.kit import figures

if TYPE_CHECKING:
    from meterbook.records.places.models import Route

#: Registers of a block: saved at once, and a page that stays light on a phone.
BLOCK = 15
_NUMBER = re.compile(r"[0-9]{1,9}(?:\.[0-9]{0,6})?", re.ASCII)


@dataclass(slots=True)
class GridRow:
    """One register of the block, with what stands in its field."""

    row: SheetRow
    typed: str = ""
    reason: str = ""
    skipped: str = ""
    error: str = ""
    photos: list[int] = field(default_factory=list)

    @property
    def skipped_words(self) -> str:
        """Why it was not read, in words."""
        if not self.skipped:
            return ""
        words, _ = REASONS[self.skipped]
        return gettext(words)


@dataclass
class Grid:
    """A route's sheet of a day, cut into blocks."""

    route: Route
    on: date
    asked_block: int | None
    drafts: Mapping[int, str]

    @cached_property
    def all_rows(self) -> list[SheetRow]:
        """Every register of the sheet."""
        return sheet(self.route, self.on)

    @cached_property
    def skipped(self) -> dict[int, str]:
        """Registers that were visited and not read."""
        return skipped_on(self.all_rows, self.on)

    @property
    def blocks(self) -> int:
        """How many blocks there are."""
        return max(1, -(-len(self.all_rows) // BLOCK))

    @cached_property
    def block(self) -> int:
        """The block shown, from 1: the one asked for, or the first with something to key."""
        if self.asked_block is not None:
            return min(max(self.asked_block, 1), self.blocks)
        left = (at for at, row in enumerate(self.all_rows) if row.read is None and row.register not in self.skipped)
        return next(left, 0) // BLOCK + 1

    @cached_property
    def rows(self) -> list[GridRow]:
        """The rows of the block."""
        mine = self.all_rows[(self.block - 1) * BLOCK : self.block * BLOCK]
        photos = photos_of([row.read for row in mine if row.read is not None])
        return [
            GridRow(
                row, typed=self.drafts.get(row.register, ""), skipped=self.skipped.get(row.register, ""),
                photos=photos.get(row.read or 0, []),
            )
            for row in mine
        ]  # fmt: skip

    @property
    def read_count(self) -> int:
        """Registers with a read of the day."""
        return sum(row.read is not None for row in self.all_rows)

    @property
    def reasons(self) -> list[tuple[str, str | Promise]]:
        """What may have kept somebody from reading."""
        return [(code, gettext(words)) for code, (words, _) in REASONS.items()]


@dataclass(slots=True)
class Typed:
    """What a block came back with: values, reasons and photos by register; whether anything is wrong."""

    values: dict[int, Decimal] = field(default_factory=dict)
    reasons: dict[int, str] = field(default_factory=dict)
    photos: dict[int, UploadedFile[bytes]] = field(default_factory=dict)
    wrong: bool = False

    def __bool__(self) -> bool:
        return bool(self.values or self.reasons or self.photos)


def typed_in(request: HttpRequest, grid: Grid) -> Typed:
    """Read the sent block into ``grid``'s rows; what cannot be a read is said at its row and keeps its text."""
    found = Typed()
    files: MultiValueDict[str, UploadedFile[bytes]] = request.FILES
    for each in grid.rows:
        key = each.row.register
        each.typed = request.POST.get(f"read-{key}", "").strip()
        each.reason = request.POST.get(f"why-{key}", "")
        file = files.get(f"photo-{key}")
        if each.typed:
            value = number(each.typed, each.row)
            if isinstance(value, str):
                each.error, found.wrong = value, True
            else:
                found.values[key] = value
        elif each.reason in REASONS:
            found.reasons[key] = each.reason
        if file is not None:
            found.photos[key] = file
            if not each.typed and each.row.read is None:
                each.error = gettext("Type what the register shows; the photo is kept with the read.")
                found.wrong = True
    return found


def number(text: str, row: SheetRow) -> Decimal | str:
    """The typed value, or what to type instead."""
    if not _NUMBER.fullmatch(text):
        return gettext("Type digits only, as the register shows them.")
    value = Decimal(text)
    if value != round(value, row.decimals):
        if not row.decimals:
            return gettext("This register has no digits after the point.")
        return ngettext(
            "This register has %(n)d digit after the point.", "This register has %(n)d digits after the point.",
            row.decimals,
        ) % {"n": row.decimals}  # fmt: skip
    return value


@dataclass(frozen=True, slots=True)
class Said:
    """A verdict in words: the state's class, its one word, the usage, and the sentence of each objection."""

    state: str
    word: str
    usage: str
    sentences: list[str]


def said(found: Verdict) -> Said:
    """A verdict in the reader's language."""
    used = "" if found.used is None else figures.quantity(found.used, found.unit)
    if found.expected is not None and used:
        about = figures.quantity(-(-found.expected // 10_000) * 10_000, found.unit)
        used = gettext("%(usage)s, about %(expected)s expected") % {"usage": used, "expected": about}
    told = [words(rules.rule(name), text, gettext) for name, _, text in found.objections]
    if found.holds:
        return Said("waiting", gettext("Will wait for a decision"), used, told)
    return Said("good", gettext("Plausible") if not told else gettext("Taken, with a note"), used, told)
