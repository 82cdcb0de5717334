"""The inputs and named values of one class, as its tariff document will hold them; written as formulas ask for them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal, Protocol

from meterbook.formats.owrs.classes.formulas import Num, Op, Tree, names, number
from meterbook.formats.owrs.classes.keys import canonical
from meterbook.formats.owrs.classes.rendering import ATOM, ENDLESS, Piece, Unrenderable, decimals, plain, rendered
from meterbook.formats.owrs.classes.scope import Scope, Unusable, is_usage, is_whole
from meterbook.formats.owrs.classes.tables import Keys, Steps, Table, read_table
from meterbook.formats.owrs.document import Bare, Value

#: Words of the language, which no input or value may be called.
_TAKEN = ("days", "bill_days", "full_days", "normal_days", "season", "and", "or", "not", "usage", "half_up",
          "half_even", "up", "down", "min", "max", "abs", "ceil", "floor", "round", "if", "line", "exact")  # fmt: skip

InputKind = Literal["usage", "per_period", "key"]


@dataclass(frozen=True, slots=True)
class Asked:
    """An input of the bill: its name in the document, its name in OWRS, and how it counts."""

    native: str
    owrs: str
    kind: InputKind


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A cell that holds no price: the fields with the canonical keys it stands at, and why."""

    at: tuple[tuple[str, str], ...]
    sentence: str


class Tiers(Protocol):
    """Writes the tiered charge of a key as one piece of a formula."""

    def __call__(self, values: Values, key: str) -> Piece: ...


class Values:
    """Names of one class as names of a document. ``tiers`` renders a tiered charge that stands inside a formula."""

    def __init__(self, scope: Scope, tiers: Tiers) -> None:
        self.scope, self._tiers = scope, tiers
        self.asked: dict[tuple[str, bool], Asked] = {}
        self.spelled: dict[str, dict[str, str]] = {}
        self.compared: set[str] = set()
        self.always: set[str] = set()
        self._cells_open = 0
        self.written: dict[str, Value] = {}
        self.lines: dict[str, str] = {}
        self.remarks: list[str] = []
        self.unreadable: list[Unreadable] = []
        self._native: dict[str, str] = {}
        self._places: dict[str, int] = {}
        self._open: list[str] = []
        self._names = set(_TAKEN)

    def free(self, wanted: str) -> str:
        """A name of the language like ``wanted`` that is not in use yet; it is from now on."""
        base = re.sub(r"[^a-z0-9]+", "_", wanted.lower()).strip("_") or "value"
        base = base if base[0].isalpha() else f"n_{base}"
        name, count = base, 2
        while name in self._names:
            name, count = f"{base}_{count}", count + 1
        self._names.add(name)
        return name

    def input(self, name: str, *, as_key: bool = False) -> str:
        """The document's name of an input, declared on first use. One used both ways is asked for twice."""
        if is_usage(name) and not as_key:
            known = self.asked.setdefault(("usage", False), Asked("usage", "usage", "usage"))
        else:
            found = self.asked.get((name, as_key))
            if found is None:
                twice = (name, not as_key) in self.asked or name.lower() in _TAKEN
                wanted = f"{name}_{'key' if as_key else 'number'}" if twice else name
                found = self.asked[name, as_key] = Asked(self.free(wanted), name, "key" if as_key else "per_period")
            known = found
        if not self._cells_open:
            self.always.add(known.native)
        return known.native

    def value(self, wanted: str, content: Value, *, places: int = ENDLESS) -> str:
        """Write a named value whose exact value has at most ``places`` decimals; returns its name."""
        name = self.free(wanted)
        self.written[name] = content
        self._places[name] = places
        return name

    def formula(self, tree: Tree, near: str) -> str:
        """A formula that stands in the key ``near``, in the tariff language."""
        try:
            return rendered(
                tree, lambda name: self._number(name, near), lambda side, word: self._text(side, word, near)
            )
        except Unrenderable as error:
            raise Unusable(f"{near}: {error}", self.line(near)) from None

    def places(self, tree: Tree, near: str) -> int:
        """The most decimals the exact value of a formula can have."""
        return decimals(tree, lambda name: self._fine(name, near))

    def _fine(self, name: str, near: str) -> int:
        piece = self._number(name, near)[0]
        return 6 if any(one.native == piece for one in self.asked.values()) else self.places_of(piece)

    def places_of(self, piece: str) -> int:
        """The same of a named value; `ENDLESS` for anything else."""
        return self._places.get(piece, ENDLESS)

    def line(self, key: str) -> int:
        """The line of a key, 0 if the class has none of that name."""
        entry = self.scope.owrs.entries.get(key)
        return 0 if entry is None else entry.line

    def of_key(self, key: str) -> Piece:
        """What a key of the class holds, as a piece of a formula."""
        if key in self.lines:
            return (f"exact({self.lines[key]})", ATOM)
        if self.scope.kind(key) is not None:
            with self._within(key):
                return self._tiers(self, key)
        if key not in self._native:
            with self._within(key):
                if self.on_lines(key):
                    self.scope.entry(key)
                    return (f"({self.formula(self.tree(key), key)})", ATOM)
                self._native[key] = self._written(key)
        return (self._native[key], ATOM)

    def tree(self, key: str) -> Tree:
        """The formula a key holds; raises `Unusable` for a table."""
        text = self.scope.scalar(key)
        if text is None:
            raise Unusable(f"{key} is no single formula", self.line(key))
        return self.scope.tree(text, self.line(key))

    def on_lines(self, key: str, seen: frozenset[str] = frozenset()) -> bool:
        """Whether a key is a line of the bill or tiered, or its formula rests on one: no named value can hold it."""
        if key in self.lines or self.scope.kind(key) is not None:
            return True
        text = self.scope.scalar(key)
        if text is None or key in seen:
            return False
        below = (self.scope.key(name, key) for name in names(self.scope.tree(text, self.line(key))))
        return any(self.on_lines(one, seen | {key}) for one in below if one is not None)

    def reached(self, formula: str) -> set[str]:
        """The inputs a formula of the document rests on, itself or through named values."""
        words = set(re.findall(r"[a-z_][a-z0-9_]*", formula))
        found = {one.native for one in self.asked.values() if one.native in words}
        return found.union(*(self.reached(str(self.written[word])) for word in words if word in self.written))

    def on_usage(self, formula: str) -> bool:
        """Whether a formula rests on usage."""
        return "usage" in self.reached(formula)

    def on_numbers(self, formula: str) -> bool:
        """Whether a formula rests on a number of the bill, so that nothing is known of how large it may be."""
        numbers = {one.native for one in self.asked.values() if one.kind != "key"}
        return not numbers.isdisjoint(self.reached(formula))

    def cell(self, content: Value, key: str) -> tuple[Value, int]:
        """One price of a table as it stands in the document, with its decimals."""
        if not isinstance(content, str):
            if isinstance(content, dict):
                raise Unusable(f"{key} holds a table inside a table, where one value should stand", self.line(key))
            raise Unusable(f"{key} holds a list where one value should stand", self.line(key))
        exact = number(content)
        if exact is not None:
            return Bare(plain(exact)), decimals(Num(exact), lambda _: 0)
        tree = self.scope.tree(content, self.line(key))
        self._cells_open += 1
        try:
            return self.formula(tree, key), self.places(tree, key)
        finally:
            self._cells_open -= 1

    def table(self, wanted: str, by: tuple[str, ...], cells: list[tuple[Keys, Value]], *, places: int) -> str:
        """Write a table of finished cells by keys; without any key its one cell."""
        if not by:
            return self.value(wanted, cells[0][1], places=places)
        nested: dict[str, Value] = {}
        native = [self.input(name, as_key=True) for name in by]
        exact = len({tuple(map(canonical, keys)) for keys, _ in cells}) < len(cells)
        for keys, content in cells:
            at = nested
            spelled = [self._spelled(name, key, exact=exact) for name, key in zip(by, keys, strict=True)]
            for key in spelled[:-1]:
                inner = at.setdefault(key, {})
                assert isinstance(inner, dict)
                at = inner
            at[spelled[-1]] = content
        return self.value(wanted, {"by": list(native), "table": nested}, places=places)

    def _spelled(self, field: str, key: str, *, exact: bool = False) -> str:
        """The spelling of a key that stands in the document: the first one of the class, or its own (``exact``)."""
        known = self.spelled.setdefault(field, {})
        return known.setdefault(f"={key}", key) if exact else known.setdefault(canonical(key), key)

    def _number(self, name: str, near: str) -> Piece:
        key = self.scope.key(name, near)
        if key is not None:
            return self.of_key(key)
        native = self.input(name)
        if not is_whole(name):
            return (native, ATOM)
        marker = f"?{name}"
        if marker not in self._native:
            whole: Value = {"formula": f"round({native}, 0, half_even)"}
            self._native[marker] = self.value(f"{name}_whole", whole, places=0)
        return (self._native[marker], ATOM)

    def _text(self, side: Tree, word: str, near: str) -> Piece:
        if "'" in word:
            raise Unrenderable(f"the text {word!r} holds a quotation mark")
        shown = list(names(side))
        if not shown:
            return (f"'{word}'", ATOM)
        if isinstance(side, Op) or self.scope.key(shown[0], near) is not None:
            raise Unrenderable(f"{word!r} is compared with something that is no input")
        native = self.input(shown[0], as_key=True)
        self._spelled(shown[0], word)
        self.compared.add(shown[0])
        return (native, ATOM)

    @contextmanager
    def _within(self, key: str) -> Iterator[None]:
        if key in self._open:
            circle = " → ".join((*self._open[self._open.index(key) :], key))
            raise Unusable(f"{circle} rest on each other in a circle", self.line(key))
        self._open.append(key)
        try:
            yield
        finally:
            self._open.pop()

    def _written(self, key: str) -> str:
        text = self.scope.scalar(key)
        whole = is_whole(key)
        if text is None:
            return self._tabled(key, whole)
        self.scope.entry(key)
        exact = number(text)
        if exact is not None:
            exact = round(exact) + exact * 0 if whole else exact
            return self.value(key, Bare(plain(exact)), places=decimals(Num(exact), lambda _: 0))
        tree = self.tree(key)
        shown, places = self.formula(tree, key), self.places(tree, key)
        shown, places = (f"round({shown}, 0, half_even)", 0) if whole else (shown, places)
        return self.value(key, {"formula": shown}, places=places)

    def _tabled(self, key: str, whole: bool) -> str:
        table = read_table(self.scope, key)
        wanted = f"{key}_stated" if whole else key
        name = self._steps(key, wanted, table) if isinstance(table, Steps) else self._cells(key, wanted, table)
        return self.value(key, {"formula": f"round({name}, 0, half_even)"}, places=0) if whole else name

    def _cells(self, key: str, wanted: str, table: Table) -> str:
        self.remarks.extend(table.skipped)
        cells: list[tuple[Keys, Value]] = []
        places = 0
        for keys, content in table.cells:
            try:
                shown, most = self.cell(content, key)
            except (Unusable, Unrenderable) as error:
                reason = error.reason if isinstance(error, Unusable) else str(error)
                sentence = f"line {table.line}: {key} for {'|'.join(keys)} cannot be used: {reason}"
                self.remarks.append(sentence)
                fields = tuple(zip(table.by, map(canonical, keys), strict=True))
                self.unreadable.append(Unreadable(fields, sentence))
                continue
            cells.append((keys, shown))
            places = max(places, most)
        if not cells:
            raise Unusable(f"{key} has no price that can be read", table.line)
        return self.table(wanted, table.by, cells, places=places)

    def _steps(self, key: str, wanted: str, steps: Steps) -> str:
        shown = [self.cell(content, key) for content in steps.cells]
        of = self._number(steps.of, key)[0]
        formula = str(shown[0][0])
        for start, (content, _) in zip(steps.starts[1:], shown[1:], strict=True):
            formula = f"if({of} >= {plain(start)}, {content}, {formula})"
        return self.value(wanted, {"formula": formula}, places=max(places for _, places in shown))
