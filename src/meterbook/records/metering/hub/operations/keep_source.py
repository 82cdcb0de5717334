"""Sources of reads: setting one up, changing it, retiring it. What came from it before stays as it was."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from meterbook.formats.registry import read_format
from meterbook.records.metering.hub.inbox import in_inbox, inbox
from meterbook.records.metering.hub.sources import FOLDER, UPLOAD, VIAS
from meterbook.records.metering.models import ReadSource
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, SUPERVISOR

_FIELDS = ("name", "format", "via", "location", "pattern", "timezone", "multiplier_applied")


class WrongSource(ValueError):
    """A source cannot be as described: says the field, what was found and what was expected."""

    def __init__(self, field: str, found: str, expected: str) -> None:
        self.field, self.expected = field, expected
        super().__init__(f"{field}: found {found!r}, expected {expected}")


class SourceRetired(ValueError):
    """The source is retired; set up a new one."""


@operation("metering.add_source", roles={BILLING, SUPERVISOR})
def add_source(
    deed: Deed, *, name: str, format: str, via: str, location: str = "", pattern: str = "", timezone: str = "",
    multiplier_applied: bool = False,
) -> ReadSource:  # fmt: skip
    """Set up a source of reads. Raises `WrongSource` and `formats.registry.UnknownFormat`."""
    source = ReadSource(
        name=name.strip(), format=format, via=via, location=location.strip(), pattern=pattern.strip(),
        timezone=timezone.strip(), multiplier_applied=multiplier_applied, deed=deed,
    )  # fmt: skip
    _check(source)
    source.save()
    tell(deed, "metering.source_added", source=source.pk, name=source.name)
    return source


@operation("metering.change_source", roles={BILLING, SUPERVISOR})
def change_source(deed: Deed, /, *, source: ReadSource, **changes: Any) -> ReadSource:
    """Change what a source is; files taken before are not touched. Raises as `add_source`, and `SourceRetired`."""
    found = ReadSource.objects.select_for_update().get(pk=source.pk)
    if not found.active:
        raise SourceRetired(f"{found.name} is retired")
    unknown = set(changes) - set(_FIELDS)
    if unknown:
        raise WrongSource(", ".join(sorted(unknown)), "a change", f"one of {', '.join(_FIELDS)}")
    before = {field: getattr(found, field) for field in changes}
    for field, value in changes.items():
        setattr(found, field, value.strip() if isinstance(value, str) else value)
    _check(found)
    changed = [field for field, value in before.items() if getattr(found, field) != value]
    if changed:
        found.save()
        tell(deed, "metering.source_changed", source=found.pk, fields=changed)
    return found


@operation("metering.retire_source", roles={BILLING, SUPERVISOR})
def retire_source(deed: Deed, *, source: ReadSource) -> ReadSource:
    """Take no more files from a source; its files and figures stay on record."""
    found = ReadSource.objects.select_for_update().get(pk=source.pk)
    if found.active:
        found.active = False
        found.save()
        tell(deed, "metering.source_retired", source=found.pk)
    return found


def _check(source: ReadSource) -> None:
    """Refuse a source nothing could ever be taken from, or that could not be told from another."""
    if not source.name:
        raise WrongSource("name", "", "a name of its own")
    if ReadSource.objects.filter(name__iexact=source.name).exclude(pk=source.pk).exists():
        raise WrongSource("name", source.name, "a name no other source has")
    read_format(source.format)
    if source.via not in VIAS:
        raise WrongSource("via", source.via, f"one of {', '.join(VIAS)}")
    if source.via != UPLOAD and not source.location:
        raise WrongSource("location", "", "the folder that is watched, or the mailbox's name")
    if source.via == FOLDER and not PurePath(source.location).is_absolute():
        raise WrongSource("location", source.location, "a folder from the root, like /srv/reads")
    if source.via == FOLDER and PurePath(source.location).name in ("done", "refused"):
        raise WrongSource("location", source.location, "a folder that is not where taken files are put away")
    if source.via == FOLDER and not in_inbox(source.location):
        raise WrongSource("location", source.location, f"a folder in {inbox()}, the inbox of METERBOOK_INBOX")
    if source.timezone:
        try:
            ZoneInfo(source.timezone)
        except (ZoneInfoNotFoundError, ValueError):
            raise WrongSource("timezone", source.timezone, "a zone like America/Los_Angeles") from None
    if source.via == UPLOAD:
        return
    others = ReadSource.objects.filter(via=source.via, location=source.location, active=True).exclude(pk=source.pk)
    if source.active and any(each.pattern.lower() == source.pattern.lower() for each in others):
        raise WrongSource("pattern", source.pattern, "a pattern no other source of this place has")
