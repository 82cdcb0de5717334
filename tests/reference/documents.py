"""Every tariff document of the repository, as text and as an editor reads it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
KINDS = ROOT / "src/meterbook/engine/rates/components"


class Core(yaml.SafeLoader):
    """YAML 1.2's core types, as editors read: true/false, plain numbers, and dates as the text they are."""


Core.yaml_implicit_resolvers = {}
Core.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)
Core.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""])
Core.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^[-+]?[0-9]+$"), list("-+0123456789"))
Core.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$"),
    list("-+0123456789."),
)


def _named(value: Any) -> Any:
    """Keys as the texts JSON has."""
    if isinstance(value, dict):
        return {str(key): _named(inner) for key, inner in value.items()}
    return [_named(inner) for inner in value] if isinstance(value, list) else value


def as_an_editor(text: str) -> Any:
    """The document as JSON-like data."""
    return _named(yaml.load(text, Loader=Core))


def documents() -> dict[str, str]:
    """Tariff documents by their place in the repository: schedules, components' examples, those of tests."""
    found: dict[str, str] = {}
    places = [*ROOT.glob("tariffs/*/*.yaml"), *KINDS.glob("*/cases.yaml"), *ROOT.glob("tests/engine/rates/**/*.yaml"),
              *ROOT.glob("docs/reference/rates/examples/*.yaml")]  # fmt: skip
    for path in sorted(places):
        text = path.read_text(encoding="utf-8").partition("\n---\n")[0]
        if re.search(r"^schedule:", text, re.M):
            found[str(path.relative_to(ROOT))] = text
    return found
