"""A rate record as a tariff document, and a tariff document as a rate record."""

from meterbook.formats.urdb.native.document import COLUMNS, column_of, tariff_document, tariff_text
from meterbook.formats.urdb.native.origin import exported, imported

__all__ = ["COLUMNS", "column_of", "exported", "imported", "tariff_document", "tariff_text"]
