"""Sealed inputs: what a bill was priced from, as text that can be hashed, stored, and read back into the same values.

The text is JSON with its keys in order and no spaces, so that whoever reads the stored rows can write it again and
hash it again, without this engine.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import polars as pl

from meterbook.engine.rates.tariff import Tariff

#: Columns of `AGREEMENTS` that are sealed beside the determinants, where a frame has them.
BESIDE = ("changes", "pieces")


def seal(due: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """The inputs of each agreement: row, inputs (JSON text).

    ``determinants`` by name, those of the ``det.`` columns named; the usage ``pieces`` they were summed from, and
    the ``changes`` of facts inside the bill, if the frame knows of any.
    """
    facts = pl.struct([pl.col(column).alias(column.removeprefix("det.")) for column in sorted(columns)])
    parts: dict[str, pl.Expr | pl.Series] = {"determinants": facts}
    parts |= {name: _ordered(due[name]) for name in BESIDE if name in due.columns}
    whole = pl.struct([parts[name].alias(name) for name in sorted(parts)])
    return due.select("row", whole.struct.json_encode().alias("inputs"))


def _ordered(values: pl.Series) -> pl.Series:
    """Lists of facts with the names of the facts in order."""
    inner = getattr(values.dtype, "inner", None)
    names = [field.name for field in inner.fields] if isinstance(inner, pl.Struct) else []
    if names == sorted(names):
        return values
    return values.list.eval(pl.struct([pl.element().struct.field(name) for name in sorted(names)]))


def canonical(inputs: str) -> str:
    """The sealed text again, however the place it was kept in has spaced or ordered it.

    >>> canonical('{"pieces": null, "determinants": {"usage": 7000000}}')
    '{"determinants":{"usage":7000000},"pieces":null}'
    """
    return json.dumps(json.loads(inputs), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def unsealed(segments: pl.DataFrame, tariff: Tariff) -> pl.DataFrame:
    """Segments of one tariff (row, account, document, starts, ends, inputs) as `build.build_bills` takes them.

    The JSON text in ``inputs`` gives way to the columns it was sealed from: ``det.<name>``, ``pieces``, ``changes``.
    """
    kinds = {each.name: each.kind for each in tariff.required_determinants()}
    known = [json.loads(text) for text in segments["inputs"]]
    names = dict.fromkeys(name for inputs in known for name in inputs["determinants"])
    found = [
        pl.Series(
            f"det.{name}",
            [inputs["determinants"].get(name) for inputs in known],
            dtype=pl.String if kinds.get(name) == "key" else pl.Int64,
        )
        for name in names
    ]
    for name in BESIDE:
        if name == "pieces" or any(name in inputs for inputs in known):
            found.append(_listed(name, [inputs.get(name) for inputs in known]))
    return segments.drop("inputs").with_columns(found)


def _listed(name: str, values: list[Any]) -> pl.Series:
    """Lists of facts as a column: the types are those of all values together."""
    if all(not value for value in values):
        return pl.Series(name, values, dtype=pl.List(pl.Struct({})))
    texts = pl.Series(name, [json.dumps(value) for value in values])
    return texts.str.json_decode(infer_schema_length=None)
