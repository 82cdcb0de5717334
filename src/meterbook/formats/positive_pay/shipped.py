"""The layouts this project brings along, each one YAML file of `layouts/`, and each as a format."""

from __future__ import annotations

from functools import partial
from importlib import resources

from meterbook.formats.contract import Format
from meterbook.formats.positive_pay.checks import IssuedCheck, verdict
from meterbook.formats.positive_pay.exchange import parse, write
from meterbook.formats.positive_pay.layout import PayLayout, read_layout


def shipped_layouts() -> dict[str, PayLayout]:
    """Every layout of the folder by name. Raises `LayoutError` for one that cannot be used."""
    folder = resources.files(__package__).joinpath("layouts")
    texts = sorted((each.name, each.read_text(encoding="utf-8")) for each in folder.iterdir())
    found = [read_layout(text) for name, text in texts if name.endswith(".yaml")]
    return {layout.name: layout for layout in found}


def all_formats() -> tuple[Format[list[IssuedCheck]], ...]:
    """Each shipped layout as the format `positive-pay-NAME`."""
    return tuple(
        Format(
            name=f"positive-pay-{layout.name}", title=f"Positive pay: {layout.title}", kind="checks",
            parse=partial(parse, layout), write=partial(write, layout), judge=verdict,
        )
        for layout in shipped_layouts().values()
    )  # fmt: skip
