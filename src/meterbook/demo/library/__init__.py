"""Alder Bend's library: what the office knows and the registers it keeps, written as everybody writes them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from meterbook.demo.calendar import UTILITY_ON
from meterbook.demo.sources import CITY_DIR
from meterbook.demo.stories import Staff
from meterbook.records.platform.deeds import Act
from meterbook.records.registers.operations.articles import Text, write_article
from meterbook.records.registers.operations.lists import keep_entry, open_register

_FOLDER = CITY_DIR / "library"


def stock_library(staff: Staff) -> tuple[int, int]:
    """Write every article and register; returns how many of each."""
    act = Act(actor=staff["supervisor"], business_date=UTILITY_ON, reason="Founding of Alder Bend")
    articles = _read(_FOLDER / "articles.yaml")
    for one in articles:
        write_article(
            act, code=one["code"], kind=one["kind"], citation=one["citation"], starts=one["starts"],
            english=Text(**one["en"]), spanish=Text(**one["es"]),
        )  # fmt: skip
    registers = _read(_FOLDER / "registers.yaml")
    for one in registers:
        made = open_register(act, code=one["code"], title_en=one["en"], title_es=one["es"], fields=one["fields"])
        for entry in one["entries"]:
            keep_entry(act, register=made, title=entry["title"], values=entry["values"])
    return len(articles), len(registers)


def _read(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found
