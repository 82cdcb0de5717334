"""The month's journal for a city's general ledger: CSV laid out by a profile. See README.md."""

from meterbook.formats.contract import Format
from meterbook.formats.gl_journal.lines import JournalLine, judge, reader, write_journal
from meterbook.formats.gl_journal.profile import DEFAULT, Profile, WrongProfile, parse_profile, profile_text

FORMAT: Format[list[JournalLine]] = Format(
    name="gl-journal",
    title="Month's journal for the general ledger (CSV by profile)",
    kind="ledger",
    parse=reader(DEFAULT),
    write=write_journal,
    judge=judge,
    profiled=lambda text: reader(profile_text(text)),
)

__all__ = [
    "DEFAULT", "FORMAT", "JournalLine", "Profile", "WrongProfile", "parse_profile", "reader", "write_journal",
]  # fmt: skip
