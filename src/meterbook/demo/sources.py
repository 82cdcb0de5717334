"""The documents the city is made from: `demo/alder_bend/*.yaml` and `tariffs/alder-bend/*.yaml`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[3]
CITY_DIR = ROOT / "demo" / "alder_bend"
TARIFF_DIR = ROOT / "tariffs" / "alder-bend"
POLICY_DIR = ROOT / "policies" / "alder-bend"


@dataclass(frozen=True, slots=True)
class Resident:
    """A fixed resident: the account under its number, the premise it stands at, and the story told of it.

    ``account`` is '' for a premise nobody is billed for; ``kind`` is 'none' for an account without a premise.
    """

    key: str
    account: str
    name: str
    kind: str
    route: str
    address: str
    occupancy: str = "owner"
    owner: str = ""
    language: str = "en"
    is_organisation: bool = False
    features: tuple[str, ...] = ()
    story: str = ""


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happens on a business date: which deed, to whom, and what it needs to be told."""

    on: date
    deed: str
    who: str
    facts: dict[str, str] = field(default_factory=dict)


@cache
def document(name: str) -> Any:
    """One of the city's YAML documents."""
    return yaml.safe_load((CITY_DIR / f"{name}.yaml").read_text(encoding="utf-8"))


@cache
def residents() -> tuple[Resident, ...]:
    """Every fixed resident: people, the school district's sites, the street lights."""
    people = document("people")
    found: list[Resident] = []
    for entry in people["people"]:
        facts = entry | {"features": tuple(entry.get("features", ()))}
        found.append(Resident(**facts, is_organisation=entry["kind"] not in ("house", "none")))
    for key, kind in (("schools", "school"), ("lights", "lights")):
        group = people[key]
        for place, site in enumerate(group["sites"], start=1):
            found.append(
                Resident(
                    key=f"{key}_{place}", account=site["account"], name=group["name"], kind=kind, route=site["route"],
                    address=site["address"], is_organisation=True, features=tuple(site.get("features", ())),
                    story=group["story"],
                )
            )  # fmt: skip
    return tuple(found)


@cache
def newcomers() -> tuple[Resident, ...]:
    """Residents whose account is opened only when they move in."""
    return tuple(Resident(**entry, kind="none", address="") for entry in document("people")["later"])


def resident(key: str) -> Resident:
    """The fixed resident of that key; raises ``KeyError``."""
    for one in (*residents(), *newcomers()):
        if one.key == key:
            return one
    raise KeyError(key)


@cache
def happenings() -> tuple[Happening, ...]:
    """Everything that happens, in order of its date."""
    found = []
    for entry in document("people")["happenings"]:
        facts = {name: value for name, value in entry.items() if name not in ("date", "deed", "who")}
        found.append(Happening(entry["date"], entry["deed"], entry["who"], facts))
    return tuple(sorted(found, key=lambda one: one.on))


def tariff_files() -> list[Path]:
    """The tariff documents to enact, by name; worked cases lie beside them and are left out."""
    return sorted(path for path in TARIFF_DIR.glob("*.yaml") if not path.name.endswith(".cases.yaml"))
