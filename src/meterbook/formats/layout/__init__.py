"""Handhelds and head-ends whose files are described by a layout: one YAML file each. See README.md."""

from typing import Any

from meterbook.formats.contract import Format
from meterbook.formats.layout.entries import LayoutError, LayoutProblem
from meterbook.formats.layout.read_layout import read_layout
from meterbook.formats.layout.reads import HandheldRead, parse_reads, write_reads
from meterbook.formats.layout.routes import RouteStop, parse_route, write_route
from meterbook.formats.layout.shape import Layout
from meterbook.formats.layout.shipped import all_formats, formats_of, shipped_layouts

FORMATS: tuple[Format[Any], ...] = all_formats()

__all__ = [
    "FORMATS",
    "HandheldRead",
    "Layout",
    "LayoutError",
    "LayoutProblem",
    "RouteStop",
    "formats_of",
    "parse_reads",
    "parse_route",
    "read_layout",
    "shipped_layouts",
    "write_reads",
    "write_route",
]
