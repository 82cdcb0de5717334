"""The JSON Schema of tariff documents, made of the same declarations the reader uses; for editors and for anyone.

What it refuses `parse_tariff` refuses too. The reverse does not hold: circles, units, names of determinants, order of
tiers and dates are beyond a schema, and the reader alone tells them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from meterbook.engine.rates import components
from meterbook.engine.rates.language import keys, shapes
from meterbook.engine.rates.language.shapes import Shape, record

DRAFT = "https://json-schema.org/draft/2020-12/schema"
#: YAML reads a bare 2024, 5.80 or true as a number or a truth; where words are wanted, the reader takes all of them.
_SCALAR = ["string", "number", "boolean"]


def _as_yaml(shape: Any) -> Any:
    """The shape with everything allowed that YAML makes of an unquoted word."""
    if isinstance(shape, Mapping):
        found = {name: _as_yaml(inner) for name, inner in shape.items()}
        if found.get("type") == "string" and "pattern" not in found:
            return {**found, "type": _SCALAR}
        if found.get("type") == "boolean":
            return {**{name: inner for name, inner in found.items() if name != "type"},
                    "enum": [True, False, "true", "false"]}  # fmt: skip
        return found
    return [_as_yaml(inner) for inner in shape] if isinstance(shape, list) else shape


def _when(name: str, value: str) -> Shape:
    return {"properties": {name: {"const": value}}, "required": [name]}


def _component() -> Shape:
    """Any component: its keyword says which keys it has, so that an editor speaks of one kind only."""
    keywords = components.keywords()
    return {
        "type": "object",
        "required": ["component"],
        "properties": {"component": {"enum": list(keywords), "description": keys.ENVELOPE["component"].words}},
        "allOf": [{"if": _when("component", one), "then": {"$ref": f"#/$defs/component_{one}"}} for one in keywords],
    }


def _one_component(keyword: str) -> Shape:
    own = components.keys(keyword)
    shared = {name: {"$ref": f"#/$defs/envelope/properties/{name}"} for name in keys.ENVELOPE if name not in own}
    whole = record({**keys.ENVELOPE, **own})
    properties = {**whole["properties"], **shared, "component": {"const": keyword}}
    return {"title": keyword, **whole, "properties": properties}


def _values() -> Shape:
    """Named values: a number or formula, or a mapping whose keys tell a formula, bands or a table."""
    kinds = {"formula": "value_formula", "bands": "value_bands"}
    rules: Shape = {"$ref": "#/$defs/value_table"}
    for key, name in reversed(kinds.items()):
        rules = {"if": {"required": [key]}, "then": {"$ref": f"#/$defs/{name}"}, "else": rules}
    mapping = {"if": {"type": "object"}, "then": rules, "else": shapes.AMOUNT}
    return {"type": "object", "minProperties": 1, "propertyNames": shapes.WORD, "additionalProperties": mapping}


def _cells() -> Shape:
    cell: Shape = {"if": {"type": "object"}, "then": {"$ref": "#/$defs/cells"}, "else": shapes.AMOUNT}
    return {"type": "object", "minProperties": 1, "additionalProperties": cell}


def json_schema() -> dict[str, Any]:
    """The schema of one tariff document (draft 2020-12), with every kind of charge that is here."""
    definitions: dict[str, Shape] = {
        "version": record(keys.VERSION),
        "envelope": record(keys.ENVELOPE),
        "component": _component(),
        **{f"component_{one}": _one_component(one) for one in components.keywords()},
        "values": _values(),
        "value_formula": record(keys.FORMULA_VALUE),
        "value_bands": record(keys.BANDS_VALUE),
        "value_table": record(keys.TABLE_VALUE),
        "cells": _cells(),
    }
    schema = {
        "$schema": DRAFT,
        "title": "Meterbook tariff document",
        "description": "One rate schedule with all its versions. Reference: docs/reference/rates/index.md.",
        **record(keys.TARIFF),
        "$defs": definitions,
    }
    return dict(_as_yaml(schema))
