"""camt.054: a debit or credit notification of ISO 20022. See README.md."""

from meterbook.formats.camt054.parse import parse
from meterbook.formats.contract import Format
from meterbook.formats.statements import ParsedStatements

FORMAT: Format[ParsedStatements] = Format(
    name="camt054", title="ISO 20022 debit and credit notification (camt.054 versions 2, 4, 8)", kind="statements",
    parse=parse, write=None,
)  # fmt: skip

__all__ = ["FORMAT", "parse"]
