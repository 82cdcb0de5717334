"""camt.053: an account statement of ISO 20022. See README.md."""

from meterbook.formats.camt053.parse import parse
from meterbook.formats.contract import Format
from meterbook.formats.statements import ParsedStatements

FORMAT: Format[ParsedStatements] = Format(
    name="camt053", title="ISO 20022 account statement (camt.053 versions 2, 3, 4, 8)", kind="statements", parse=parse,
    write=None,
)  # fmt: skip

__all__ = ["FORMAT", "parse"]
