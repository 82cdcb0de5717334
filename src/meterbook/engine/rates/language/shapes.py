"""The shape of every setting: what a document may write there, for the reader, the JSON Schema and the reference.

A component's ``settings.py`` declares ``KEYS``; nothing else tells which keys it has.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

#: A JSON Schema fragment.
Shape = Mapping[str, Any]

TEXT: Shape = {"type": "string", "minLength": 1}
FLAG: Shape = {"type": "boolean"}
DAY: Shape = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
WORD: Shape = {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"}
NUMBER: Shape = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"}]}
WHOLE: Shape = {"anyOf": [{"type": "integer"}, {"type": "string", "pattern": r"^-?\d+$"}]}
#: A number or a formula.
AMOUNT: Shape = {"anyOf": [{"type": "number"}, {"type": "string", "minLength": 1}]}
#: The name of a determinant or of a value, or a formula.
MEASURE: Shape = {"type": "string", "minLength": 1, "$comment": "a name or a formula"}
#: Lines a charge looks at: ids, ``all`` or a tag.
BASE: Shape = {"anyOf": [{"type": "string"}, {"type": "array", "items": WORD, "minItems": 1, "uniqueItems": True}]}
BILINGUAL: Shape = {"type": "object", "properties": {"en": TEXT, "es": TEXT}, "required": ["en", "es"],
                    "additionalProperties": False}  # fmt: skip


def choice(*options: str) -> Shape:
    """One of the words."""
    return {"enum": list(options)}


def listed(item: Shape, *, most: int = 999) -> Shape:
    """A list of one or more items."""
    return {"type": "array", "items": dict(item), "minItems": 1, "maxItems": most}


def mapped(value: Shape) -> Shape:
    """A mapping from names to values."""
    return {"type": "object", "additionalProperties": dict(value), "minProperties": 1}


@dataclass(frozen=True, slots=True)
class Key:
    """One setting: its shape, what it means in one line, and whether it must stand."""

    shape: Shape
    words: str
    required: bool = True


def optional(shape: Shape, words: str) -> Key:
    """A setting that may be left out."""
    return Key(shape, words, required=False)


def record(keys: Mapping[str, Key]) -> Shape:
    """A mapping with these keys and no others."""
    return {
        "type": "object",
        "properties": {name: {**key.shape, "description": key.words} for name, key in keys.items()},
        "required": [name for name, key in keys.items() if key.required],
        "additionalProperties": False,
    }


def names(keys: Mapping[str, Key]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The required and the optional names."""
    return (
        tuple(name for name, key in keys.items() if key.required),
        tuple(name for name, key in keys.items() if not key.required),
    )
