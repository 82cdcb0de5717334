"""The other system's words in ours: a small YAML that says which of its charges are which components."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

import yaml


class WrongMapping(ValueError):
    """The mapping cannot be read; says where and what was expected."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """``services`` and ``charges`` by the other system's word; a charge stands for one or several components."""

    system: str = "other system"
    services: dict[str, str] = field(default_factory=dict)
    charges: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def service(self, word: str) -> str:
        """Our commodity for their word."""
        return self.services.get(word, word.lower().replace(" ", "_"))

    def components(self, charge: str) -> frozenset[str]:
        """The components their code stands for; none where nobody said so."""
        return frozenset(self.charges.get(charge, ()))

    def as_json(self) -> dict[str, Any]:
        """The mapping as it is kept."""
        return {
            "system": self.system,
            "services": self.services,
            "charges": {k: list(v) for k, v in self.charges.items()},
        }

    @property
    def sha256(self) -> str:
        """Hash of its text in one form."""
        return hashlib.sha256(json.dumps(self.as_json(), sort_keys=True).encode()).hexdigest()


def parse_mapping(text: str, *, file: str) -> Mapping:
    """Read a mapping; raise `WrongMapping` with file, place, what was found and what was expected."""
    try:
        document: Any = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise WrongMapping(f"{file}: not YAML: {error}") from error
    if not isinstance(document, dict) or not set(document) <= {"system", "services", "charges"}:
        raise WrongMapping(f"{file}: expected system, services and charges")
    system = document.get("system", "other system")
    if not isinstance(system, str) or not 0 < len(system) <= 80:
        raise WrongMapping(f"{file}: system: found {system!r}, expected a name of up to 80 characters")
    services = _table(document.get("services") or {}, f"{file}: services")
    for word, ours in services.items():
        if not isinstance(ours, str):
            raise WrongMapping(f"{file}: services: {word}: found {ours!r}, expected a service of ours")
    charges = {}
    for word, ours in _table(document.get("charges") or {}, f"{file}: charges").items():
        names = [ours] if isinstance(ours, str) else ours
        if not isinstance(names, list) or not names or not all(isinstance(each, str) for each in names):
            raise WrongMapping(f"{file}: charges: {word}: found {ours!r}, expected a component or a list of components")
        charges[word] = tuple(names)
    return Mapping(system, dict(services), charges)


def _table(found: Any, where: str) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise WrongMapping(f"{where}: found {found!r}, expected names and values")
    return {str(word): ours for word, ours in found.items()}
