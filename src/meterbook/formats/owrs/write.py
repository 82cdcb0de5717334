"""An OWRS file as text, everything it held in its place."""

from __future__ import annotations

from meterbook.formats.owrs.document import OwrsFile, Value
from meterbook.formats.owrs.yaml_text import dump


def write(owrs: OwrsFile) -> bytes:
    """The file as UTF-8 YAML: metadata, what else stood at the top, and the classes in order.

    >>> from meterbook.formats.owrs.document import parse
    >>> print(write(parse(b"rate_structure: {OTHER: {bill: 12.50}}")).decode(), end="")
    rate_structure:
      OTHER:
        bill: 12.50
    """
    top: dict[str, Value] = {"metadata": dict(owrs.metadata)} if owrs.metadata else {}
    top |= owrs.rest
    top["rate_structure"] = {
        name: {key: entry.value for key, entry in one.entries.items()} for name, one in owrs.classes.items()
    }
    return dump(top).encode()
