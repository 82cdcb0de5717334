"""Open Water Rate Specification: water rates of one utility as YAML. See README.md."""

from meterbook.formats.contract import Format, Verdict
from meterbook.formats.owrs.document import OwrsFile, parse
from meterbook.formats.owrs.write import write


def judge(file: OwrsFile) -> Verdict:
    """Valid if every customer class can be read; whether each can be priced, `meterbook rates import` says."""
    if file.unread:
        return Verdict(False, next(iter(file.unread.values())))
    return Verdict(True, f"{len(file.classes)} customer classes: {', '.join(file.classes)}")


FORMAT: Format[OwrsFile] = Format(
    name="owrs",
    title="Open Water Rate Specification (YAML)",
    kind="tariffs",
    parse=parse,
    write=write,
    judge=judge,
)

__all__ = ["FORMAT", "OwrsFile", "judge", "parse", "write"]
