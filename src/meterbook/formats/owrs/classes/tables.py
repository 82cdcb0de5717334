"""Tables of a class: values that depend on one or several fields, or on where a number falls."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from meterbook.formats.owrs.classes.formulas import number
from meterbook.formats.owrs.classes.keys import canonical, parts
from meterbook.formats.owrs.classes.scope import Scope, Unusable, single
from meterbook.formats.owrs.document import Value, is_nothing

Cell = Value
Keys = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Cells by their keys, in the order of the fields ``by``; ``skipped`` says which keys cannot be read."""

    by: tuple[str, ...]
    cells: tuple[tuple[Keys, Cell], ...]
    skipped: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Steps:
    """Cells by where the number ``of`` falls: each from its start on, the first one also below it."""

    of: str
    starts: tuple[Decimal, ...]
    cells: tuple[Cell, ...]
    line: int


def read_table(scope: Scope, key: str) -> Table | Steps:
    """The table a key holds; raises `Unusable`.

    ``depends_on`` names one field or several; ``values`` holds a cell for each key, keys of several fields joined by
    ``|`` or nested in each other. Where ``values`` is a list, a second list of the same length says where each begins.
    """
    entry = scope.entry(key)
    body, line = entry.value, entry.line
    if not isinstance(body, dict):
        raise Unusable(f"{key} is a list, not one value", line)
    if "depends_on" not in body or "values" not in body:
        raise Unusable(f"{key} needs both depends_on and values", line)
    fields = body["depends_on"]
    by = tuple(item.strip() for item in (fields if isinstance(fields, list) else [fields]) if isinstance(item, str))
    if not by or is_nothing(single(body["depends_on"])):
        raise Unusable(f"{key} depends on nothing", line)
    values = body["values"]
    if isinstance(values, list):
        return _steps(key, body, by, values, line)
    if not isinstance(values, dict) or not values:
        raise Unusable(f"{key} has no values", line)
    return _table(scope, key, by, values, line)


def _steps(key: str, body: dict[str, Value], by: tuple[str, ...], values: list[Value], line: int) -> Steps:
    lists = [
        value
        for name, value in body.items()
        if name not in ("depends_on", "values") and isinstance(value, list) and len(value) == len(values)
    ]
    if len(by) != 1 or len(lists) != 1:
        raise Unusable(f"{key} lists its values without a list of as many starts", line)
    starts = [number(start) if isinstance(start, str) else None for start in lists[0]]
    exact = [start for start in starts if start is not None]
    if len(exact) != len(values) or any(later <= earlier for earlier, later in pairwise(exact)):
        raise Unusable(f"{key} has starts that are no rising numbers", line)
    return Steps(by[0], tuple(exact), tuple(single(value) for value in values), line)


def _flat(values: dict[str, Value], before: str = "") -> list[tuple[str, Cell]]:
    found: list[tuple[str, Cell]] = []
    for key, value in values.items():
        path = f"{before}|{key}" if before else key
        found.extend(
            _flat(value, path) if isinstance(value, dict) and "depends_on" not in value else [(path, single(value))]
        )
    return found


def _table(scope: Scope, key: str, by: tuple[str, ...], values: dict[str, Value], line: int) -> Table:
    rows: list[tuple[Keys, Cell]] = []
    skipped: list[str] = []
    flat = _flat(values)
    for text, cell in flat:
        ways = parts(text, len(by))
        if len(ways) == 1 and len(ways[0]) <= len(by):
            rows.append((ways[0], cell))
        else:
            skipped.append(f"line {line}: {key} has the key {text}, which is not one value each of {', '.join(by)}")
    lengths = {len(keys) for keys, _ in rows}
    if len(lengths) > 1:
        most = len(by)
        skipped += [f"line {line}: {key} has the key {'|'.join(keys)}, which lacks a value of {', '.join(by)}"
                    for keys, _ in rows if len(keys) < most]  # fmt: skip
        rows = [(keys, cell) for keys, cell in rows if len(keys) == most]
    if not rows:
        raise Unusable(f"{key} has no key for {', '.join(by)}", line)
    by = by[: len(rows[0][0])]
    return _folded(scope, key, Table(by, tuple(rows), tuple(skipped), line))


def _folded(scope: Scope, key: str, table: Table) -> Table:
    """Without the fields that the class itself states: only the cells of that value are left."""
    by, rows = list(table.by), list(table.cells)
    for at in range(len(by) - 1, -1, -1):
        stated = scope.key(by[at], key)
        if stated is None:
            continue
        text = scope.scalar(stated)
        if text is None:
            raise Unusable(f"{key} depends on {by[at]}, which is itself a table", table.line)
        scope.entry(stated)
        rows = [((*keys[:at], *keys[at + 1 :]), cell) for keys, cell in rows if canonical(keys[at]) == canonical(text)]
        if not rows:
            raise Unusable(f"{key} has no value for {by[at]} = {text}", table.line)
        del by[at]
    return Table(tuple(by), tuple(rows), table.skipped, table.line)
