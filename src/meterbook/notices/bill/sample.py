"""Sample bills of invented people, for tests, the catalogue and a first look. They lie in ``samples/`` as JSON."""

from __future__ import annotations

import json
import types
from dataclasses import fields, is_dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

from meterbook.notices.bill.document import BillDocument

_SAMPLES = Path(__file__).parent / "samples"


def sample_names() -> list[str]:
    """Names of the samples there are."""
    return sorted(path.stem for path in _SAMPLES.glob("*.json"))


def sample_document(name: str = "household", *, language: str | None = None) -> BillDocument:
    """A sample bill, in its own language or another.

    >>> sample_document().holder
    'Ana Ibarra'
    """
    document = _read(BillDocument, json.loads((_SAMPLES / f"{name}.json").read_text(encoding="utf-8")))
    assert isinstance(document, BillDocument)
    return document if language is None else replace(document, language=language)


def _read(kind: Any, value: Any) -> Any:
    """A JSON value as the annotated type: dataclasses, tuples, dates and plain values."""
    if is_dataclass(kind) and isinstance(kind, type):
        hints = get_type_hints(kind)
        known = {field.name for field in fields(kind)}
        if unknown := set(value) - known:
            raise TypeError(f"{kind.__name__} has no {', '.join(sorted(unknown))}")
        return kind(**{name: _read(hints[name], item) for name, item in value.items()})
    if get_origin(kind) is tuple:
        return tuple(_read(get_args(kind)[0], item) for item in value)
    if get_origin(kind) in (Union, types.UnionType):
        return None if value is None else _read(get_args(kind)[0], value)
    return date.fromisoformat(value) if kind is date else value
