"""The line of digits on a remittance stub that a payment machine reads back. See README.md."""

from meterbook.formats.contract import Format
from meterbook.formats.scanline.line import (
    DEFAULT_LAYOUT,
    Scanline,
    ScanlineLayout,
    check_digit,
    parse,
    parse_scanline,
    scanline,
    write,
)

FORMAT: Format[Scanline] = Format(
    name="scanline",
    title="Remittance stub scanline (OCR digits with a mod-10 check)",
    kind="scanline",
    parse=parse,
    write=write,
)

__all__ = [
    "DEFAULT_LAYOUT",
    "FORMAT",
    "Scanline",
    "ScanlineLayout",
    "check_digit",
    "parse",
    "parse_scanline",
    "scanline",
    "write",
]
