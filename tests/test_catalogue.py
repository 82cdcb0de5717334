"""What multiplies lives in one folder with its manual and samples; the catalogue pages list what is there.

Write the pages anew with: METERBOOK_WRITE_CATALOGUE=1 ./meterbook test tests/test_catalogue.py
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SRC = ROOT / "src" / "meterbook"
KINDS = {
    "components": (SRC / "engine" / "rates" / "components", ("settings.py", "price.py", "explain.py", "cases.yaml")),
    "formats": (SRC / "formats", ("__init__.py", "samples")),
    "rules": (SRC / "engine" / "metering" / "validation" / "rules", ("__init__.py", "cases.yaml")),
    "notices": (SRC / "notices", ("__init__.py", "template.typ", "samples")),
    "reports": (SRC / "reports", ("__init__.py",)),
}
TITLES = {
    "components": "Tariff components",
    "rules": "Validation rules",
    "formats": "File formats",
    "notices": "Notices",
    "reports": "Reports",
}


def folders(kind: str) -> list[Path]:
    root, _ = KINDS[kind]
    return sorted(f for f in root.iterdir() if f.is_dir() and (f / "__init__.py").exists())


def page(kind: str) -> str:
    """The catalogue page: each folder with the first paragraph of its manual."""
    parts = [f"# {TITLES[kind]}", "", "One folder each; the manual in the folder says the rest.", ""]
    for folder in folders(kind):
        manual = (folder / "README.md").read_text(encoding="utf-8").strip().split("\n\n")
        title = manual[0].lstrip("# ").strip()
        first = next((p for p in manual[1:] if not p.startswith(("#", "|", "```"))), "")
        link = os.path.relpath(folder, ROOT / "docs" / "catalogue")
        parts += [f"## [{folder.name}]({link}/README.md): {title}", "", " ".join(first.split()), ""]
    return "\n".join(parts)


def needed(kind: str, folder: Path) -> tuple[str, ...]:
    """The files a folder holds beside its manual; a notice set as a letter brings its words, not a page of its own."""
    if kind == "notices" and folder.name != "letters":
        code = "".join(file.read_text(encoding="utf-8") for file in folder.glob("*.py"))
        if re.search(r"from meterbook\.notices\.letters import [^\n]*\b(Letter|set_letters)\b", code):
            return ("__init__.py", "words.py", "locale")
    return KINDS[kind][1]


@pytest.mark.parametrize("kind", KINDS)
def test_every_folder_has_its_manual_and_samples(kind: str) -> None:
    assert folders(kind)
    missing = [
        f"{folder.name}/{name}"
        for folder in folders(kind)
        for name in ("README.md", *needed(kind, folder))
        if not (folder / name).exists()
    ]
    assert missing == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_catalogue_page_is_today_s(kind: str) -> None:
    file = ROOT / "docs" / "catalogue" / f"{kind}.md"
    if os.environ.get("METERBOOK_WRITE_CATALOGUE"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(page(kind), encoding="utf-8")
    assert file.read_text(encoding="utf-8") == page(kind)
