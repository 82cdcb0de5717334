"""Sealed inputs: what a bill was priced from, as text that can be hashed, stored, and read back into the same values.

The text is JSON with its keys in order and no spaces, so that whoever reads the stored rows can write it again and
hash it again, without this engine.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any

import polars as pl

from meterbook.engine.rates.tariff import Tariff

#: Columns of `AGREEMENTS` that are sealed beside the determinants, where a frame has them.
BESIDE = ("changes", "paired", "pieces")


def seal(due: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """The inputs of each agreement: row, inputs (JSON text).

    ``determinants`` by name, those of the ``det.`` columns named; the usage ``pieces`` they were summed from, and
    the ``changes`` of facts inside the bill, if there are any; of a delivery measured twice, ``paired``: the check
    meter's pieces and the agreement's terms, as text (see `engine.billing.wholesale`). A bill's text does not depend
    on the bills beside it: what only others have is not named in it.
    """
    paired = pl.col("paired").is_not_null() if "paired" in due.columns else pl.lit(value=False)
    said = due.with_columns(
        __place=pl.int_range(pl.len()), __changed=_some(due, "changes"), __shared=_shared(due), __paired=paired
    )
    parts = [
        _sealed(mine, columns, changed=changed, shared=shared, paired=both)
        for (changed, shared, both), mine in said.group_by("__changed", "__shared", "__paired", maintain_order=True)
    ]
    if not parts:
        return pl.DataFrame(schema={"row": pl.Int64, "inputs": pl.String})
    return pl.concat(parts).sort("__place").drop("__place")


def _some(due: pl.DataFrame, name: str) -> pl.Series:
    """Which bills have any entry in a list."""
    if name not in due.columns:
        return pl.Series([False]).new_from_index(0, due.height)
    return due[name].list.len().fill_null(0) > 0


def _shared(due: pl.DataFrame) -> pl.Series:
    """Which bills rest on a share of a usage piece."""
    inner = getattr(due.schema.get("pieces"), "inner", None)
    if not isinstance(inner, pl.Struct) or "share" not in dict(inner):
        return pl.Series([False]).new_from_index(0, due.height)
    return due["pieces"].list.eval(pl.element().struct.field("share").is_not_null()).list.any().fill_null(value=False)


def _sealed(due: pl.DataFrame, columns: Sequence[str], *, changed: bool, shared: bool, paired: bool) -> pl.DataFrame:
    facts = pl.struct([pl.col(column).alias(column.removeprefix("det.")) for column in sorted(columns)])
    parts: dict[str, pl.Expr | pl.Series] = {"determinants": facts}
    parts |= {name: _ordered(due[name], shared=shared) for name in BESIDE if name in due.columns}
    if not changed:
        parts.pop("changes", None)
    if not paired:
        parts.pop("paired", None)
    whole = pl.struct([parts[name].alias(name) for name in sorted(parts)])
    return due.select("row", whole.struct.json_encode().alias("inputs"), "__place")


def _ordered(values: pl.Series, *, shared: bool) -> pl.Series:
    """Lists of facts with the names of the facts in order; days as text; shares only where there are any."""
    inner = getattr(values.dtype, "inner", None)
    types = dict(inner) if isinstance(inner, pl.Struct) else {}
    names = sorted(name for name in types if name != "share" or shared)
    if names == list(types) and pl.Date not in types.values():
        return values
    fields = {name: pl.element().struct.field(name) for name in names}
    told = [field.dt.to_string("%Y-%m-%d") if types[name] == pl.Date else field for name, field in fields.items()]
    return values.list.eval(pl.struct(told))


def canonical(inputs: str) -> str:
    """The sealed text again, however the place it was kept in has spaced or ordered it.

    >>> canonical('{"pieces": null, "determinants": {"usage": 7000000}}')
    '{"determinants":{"usage":7000000},"pieces":null}'
    """
    return json.dumps(json.loads(inputs), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def fingerprint(inputs: Iterable[str]) -> str:
    """SHA-256 over canonical sealed texts, in the order of their segments, as hexadecimal digits."""
    digest = sha256()
    for text in inputs:
        digest.update(text.encode())
    return digest.hexdigest()


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
        if name == "paired" and any(name in inputs for inputs in known):
            found.append(pl.Series(name, [inputs.get(name) for inputs in known], dtype=pl.String))
        elif name == "pieces" or any(name in inputs for inputs in known):
            found.append(_listed(name, [inputs.get(name) for inputs in known]))
    return segments.drop("inputs").with_columns(found)


def _listed(name: str, values: list[Any]) -> pl.Series:
    """Lists of facts as a column: the types are those of all values together."""
    if all(not value for value in values):
        return pl.Series(name, values, dtype=pl.List(pl.Struct({})))
    texts = pl.Series(name, [json.dumps(value) for value in values])
    return texts.str.json_decode(infer_schema_length=None)
