"""Positive pay: the checks a bank shall honour, and those it shall not. See README.md."""

from meterbook.formats.positive_pay.checks import CheckKind, IssuedCheck, totals
from meterbook.formats.positive_pay.exchange import parse, write
from meterbook.formats.positive_pay.layout import LayoutError, PayLayout, read_layout
from meterbook.formats.positive_pay.shipped import all_formats, shipped_layouts

FORMATS = all_formats()

__all__ = [
    "FORMATS", "CheckKind", "IssuedCheck", "LayoutError", "PayLayout", "all_formats", "parse", "read_layout",
    "shipped_layouts", "totals", "write",
]  # fmt: skip
