"""The layouts this project brings along, each one YAML file of `layouts/`, and a layout as a format."""

from __future__ import annotations

from functools import partial
from importlib import resources
from typing import Any

from meterbook.formats.contract import Format
from meterbook.formats.layout.read_layout import read_layout
from meterbook.formats.layout.reads import parse_reads, write_reads
from meterbook.formats.layout.routes import parse_route, write_route
from meterbook.formats.layout.shape import Layout


def shipped_layouts() -> dict[str, Layout]:
    """Every layout of the folder by name. Raises `LayoutError` for one that cannot be used."""
    folder = resources.files(__package__).joinpath("layouts")
    texts = sorted(
        (each.name, each.read_text(encoding="utf-8")) for each in folder.iterdir() if each.name.endswith(".yaml")
    )
    return {layout.name: layout for layout in (read_layout(text) for _, text in texts)}


def formats_of(layout: Layout) -> tuple[Format[Any], ...]:
    """A layout's upload as the format `layout-NAME` and its download as `layout-NAME-route`."""
    found: list[Format[Any]] = []
    if layout.upload is not None:
        found.append(
            Format(
                name=f"layout-{layout.name}", title=f"{layout.title}: reads", kind="reads",
                parse=partial(parse_reads, layout), write=partial(write_reads, layout),
                multiplier_applied=layout.multiplier_applied,
            )
        )  # fmt: skip
    if layout.download is not None:
        found.append(
            Format(
                name=f"layout-{layout.name}-route", title=f"{layout.title}: route", kind="routes",
                parse=partial(parse_route, layout), write=partial(write_route, layout),
            )
        )  # fmt: skip
    return tuple(found)


def all_formats() -> tuple[Format[Any], ...]:
    """The formats of every shipped layout."""
    return tuple(each for layout in shipped_layouts().values() for each in formats_of(layout))
