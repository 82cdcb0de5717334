"""Saving a block: one deed for its reads and reasons, then the photos that belong to them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext

from meterbook.records.metering.hub.keying import find_read, read_of
from meterbook.records.metering.hub.not_read import Skipped
from meterbook.records.metering.hub.operations.key_reads import (
    LARGEST_PHOTO,
    Keyed,
    NoPhoto,
    attach_photo,
    checked_photo,
    key_reads,
)
from meterbook.web.kit.access import act
from meterbook.web.metering.keying.drafts import Drafts
from meterbook.web.metering.keying.grid import Grid, Typed


def photo_problem(content: bytes) -> str:
    """What is wrong with a photo, in words; empty if nothing is."""
    try:
        checked_photo(content)
    except NoPhoto:
        if len(content) > LARGEST_PHOTO:
            return gettext("This photo is larger than 10 MB. Take it with a smaller size.")
        return gettext("This file is no photo. Choose a JPEG, PNG or WebP picture.")
    return ""


def check_photos(grid: Grid, typed: Typed) -> None:
    """Say at its row what is wrong with a photo, before anything is saved."""
    for each in grid.rows:
        file = typed.photos.get(each.row.register)
        if file is not None and not each.error:
            each.error = photo_problem(file.read())
            file.seek(0)
            typed.wrong = typed.wrong or bool(each.error)


def save(request: HttpRequest, grid: Grid, typed: Typed, reader: str, drafts: Drafts) -> None:
    """Store what was typed and say what came of it."""
    done = key_reads(
        act(request, f"route {grid.route.code}, {grid.on}"),
        route=grid.route,
        on=grid.on,
        reader=reader,
        reads=[Keyed(key, value) for key, value in typed.values.items()],
        skipped=[Skipped(key, grid.on, reason, reader) for key, reason in typed.reasons.items()],
    )
    drafts.forget([*typed.values, *typed.reasons])
    for each in grid.rows:
        file = typed.photos.get(each.row.register)
        value = typed.values.get(each.row.register)
        read = find_read(each.row.read or 0) if value is None else read_of(each.row.register, grid.on, value)
        if file is not None and read is not None:
            attach_photo(act(request), read=read, content=file.read())
    saved = done.accepted + done.queued
    parts = [ngettext("%(n)d read saved", "%(n)d reads saved", saved) % {"n": saved}]
    if done.queued:
        waits = ngettext("%(n)d of them waits for a decision", "%(n)d of them wait for a decision", done.queued)
        parts.append(waits % {"n": done.queued})
    if done.unchanged:
        parts.append(
            ngettext("%(n)d was known already", "%(n)d were known already", done.unchanged) % {"n": done.unchanged}
        )
    if done.skipped:
        parts.append(ngettext("%(n)d meter not read", "%(n)d meters not read", done.skipped) % {"n": done.skipped})
    messages.success(request, ", ".join(parts) + ".")
