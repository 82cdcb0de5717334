"""Reading a YAML text as plain words, collecting every problem with its path, what was found and what was expected."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import yaml

from meterbook.formats.contract import shortened

# Every scalar as the text it is: a code `N` must not become the truth value it is in YAML.
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_WHOLE = re.compile(r"[0-9]{1,5}", re.ASCII)
_LONGEST = 200_000


@dataclass(frozen=True, slots=True)
class LayoutProblem:
    """One thing wrong with a layout: `path` such as `upload.records[2].fields[0].start`."""

    path: str
    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.path}: found {self.found or 'nothing'}, expected {self.expected}"


class LayoutError(ValueError):
    """A layout that cannot be used, with every problem of it."""

    def __init__(self, problems: list[LayoutProblem]) -> None:
        self.problems = problems
        super().__init__("; ".join(map(str, problems)))


class Entries:
    """One mapping of the document. Asking for a key marks it known; `close` complains of the others."""

    def __init__(self, value: Any, path: str, problems: list[LayoutProblem]) -> None:
        self.path = path
        self._problems = problems
        self._asked: set[str] = set()
        self._entries: dict[str, Any] = value if isinstance(value, dict) else {}
        if not isinstance(value, dict):
            self.blame("", _kind(value), "keys with values")

    def blame(self, key: str, found: str, expected: str) -> None:
        """Note a problem of `key` ('' for the mapping itself)."""
        path = f"{self.path}.{key}" if self.path and key else key or self.path or "the document"
        self._problems.append(LayoutProblem(path, shortened(found), expected))

    def has(self, key: str) -> bool:
        """Whether the key is there."""
        return key in self._entries

    def text(self, key: str, *, default: str | None = None, expected: str = "a text") -> str:
        """A text; `default` None makes it needed."""
        self._asked.add(key)
        found = self._entries.get(key, default)
        if not isinstance(found, str) or (default is None and not found.strip()):
            self.blame(key, _kind(found), expected)
            return ""
        return found

    def choice(self, key: str, words: Iterable[str], *, default: str | None = None) -> str:
        """One of `words`."""
        known = tuple(words)
        expected = f"one of {', '.join(known)}"
        found = self.text(key, default=default, expected=expected)
        if found and found not in known:
            self.blame(key, found, expected)
        return found if found in known else known[0]

    def whole(self, key: str, *, default: int | None = None, least: int = 1) -> int:
        """A whole number from `least` up; 0 where it is none."""
        expected = f"a whole number from {least}"
        found = self.text(key, default=None if default is None else str(default), expected=expected)
        if _WHOLE.fullmatch(found) and int(found) >= least:
            return int(found)
        if found:
            self.blame(key, found, expected)
        return 0

    def yes(self, key: str) -> bool:
        """`true` or `false`; false where it is not there."""
        return self.choice(key, ("false", "true"), default="false") == "true"

    def words(self, key: str) -> tuple[str, ...]:
        """A list of texts, or nothing."""
        self._asked.add(key)
        found = self._entries.get(key, [])
        if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
            self.blame(key, _kind(found), "a list of texts")
            return ()
        return tuple(found)

    def pairs(self, key: str) -> tuple[tuple[str, str], ...]:
        """A mapping of texts, or nothing."""
        self._asked.add(key)
        found = self._entries.get(key, {})
        if not isinstance(found, dict) or not all(isinstance(each, str) for each in found.values()):
            self.blame(key, _kind(found), "texts by text")
            return ()
        return tuple(found.items())

    def inner(self, key: str) -> Entries:
        """A mapping below."""
        self._asked.add(key)
        return Entries(self._entries.get(key), f"{self.path}.{key}" if self.path else key, self._problems)

    def list(self, key: str) -> list[Entries]:
        """A list of mappings below; needed, and not empty."""
        self._asked.add(key)
        found = self._entries.get(key)
        path = f"{self.path}.{key}" if self.path else key
        if not isinstance(found, list) or not found:
            self.blame(key, _kind(found), "a list")
            return []
        return [Entries(each, f"{path}[{at}]", self._problems) for at, each in enumerate(found)]

    def close(self) -> None:
        """Complain of keys nobody asked for."""
        for key in self._entries:
            if key not in self._asked:
                self.blame(str(key), "a key that is not known", f"one of {', '.join(sorted(self._asked))}")


def document(text: str, problems: list[LayoutProblem]) -> Entries:
    """The mapping a YAML text holds. Raises `LayoutError` when it is no YAML, too long, or says a key twice."""
    try:
        if len(text) > _LONGEST:
            raise LayoutError([LayoutProblem("the document", f"{len(text)} characters", f"at most {_LONGEST}")])
        node = yaml.compose(text, Loader=_LOADER)
        twice = None if node is None else _twice(node)
        if twice is not None:
            raise LayoutError([twice])
        return Entries(yaml.load(text, Loader=_LOADER), "", problems)
    except RecursionError as error:
        raise LayoutError([LayoutProblem("the document", "lists in lists", "a plain layout")]) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = "the document" if mark is None else f"line {mark.line + 1}"
        reason = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise LayoutError([LayoutProblem(where, str(reason), "YAML as the specification writes it")]) from error


def _twice(root: yaml.Node) -> LayoutProblem | None:
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            return LayoutProblem(f"line {node.start_mark.line + 1}", "an alias", "each part written out")
        seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            waiting += node.value
        elif isinstance(node, yaml.MappingNode):
            keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
            if len(keys) != len(node.value) or len(set(keys)) != len(keys):
                return LayoutProblem(f"line {node.start_mark.line + 1}", "a key twice, or no word", "each key once")
            waiting += [value for _, value in node.value]
    return None


def _kind(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else "a list" if isinstance(value, list) else "keys with values"
