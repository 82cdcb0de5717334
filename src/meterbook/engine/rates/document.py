"""Reading a YAML document exactly: every value with its line and path, every problem reported, none by guess.

Numbers are read from the text that stands in the document, never through a float; a duplicate key, an alias or an
unknown key is a problem. Readers return a harmless stand-in after reporting, so that one pass finds all problems.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import yaml

from meterbook.engine.rates.language.fitness import unfit

#: The C parser where PyYAML was built with it; the same language.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_WORD = re.compile(r"[a-z][a-z0-9_]*")
_NULL, _TRUTH = "tag:yaml.org,2002:null", "tag:yaml.org,2002:bool"
#: Years a document or a bill may speak of: beyond them a wrong digit is likelier than a rate.
YEARS = (1900, 2200)


class Unread(str):
    """What stands in for a text that was refused already. Known by identity: no document can write it."""

    __slots__ = ()


#: The stand-in of `Field.text`; readers that check a text further pass over it, for it was reported.
UNREAD = Unread("?")


@dataclass(frozen=True, slots=True)
class TariffProblem:
    """One thing wrong with a document: where, what stands there, and what should."""

    file: str
    path: str
    line: int
    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.path or 'document'}: found {self.found}, expected {self.expected}"


class TariffError(ValueError):
    """A document is refused; ``problems`` names everything wrong with it."""

    def __init__(self, problems: Sequence[TariffProblem]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class Problems:
    """The problems of one file, gathered while reading."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[TariffProblem] = []

    def add(self, *, path: str, line: int, found: str, expected: str) -> None:
        """Note one problem."""
        self.found.append(TariffProblem(self.file, path, line, found, expected))


class Field:
    """A place in the document: readers check what stands there and report what does not belong."""

    def __init__(self, node: yaml.Node | None, *, path: str, line: int, problems: Problems) -> None:
        self.node, self.path, self.line, self.problems = node, path, line, problems

    def refuse(self, *, expected: str, found: str | None = None) -> None:
        """Report this place; an absent place was reported already."""
        if self.node is not None:
            self.problems.add(path=self.path, line=self.line, found=found or self.shown(), expected=expected)

    def shown(self) -> str:
        """What stands here, for a message."""
        if isinstance(self.node, yaml.ScalarNode):
            return repr(self.node.value) if self.node.value else "nothing"
        return "a list" if isinstance(self.node, yaml.SequenceNode) else "a mapping"

    def is_list(self) -> bool:
        """Whether a list stands here."""
        return isinstance(self.node, yaml.SequenceNode)

    def is_mapping(self) -> bool:
        """Whether a mapping stands here."""
        return isinstance(self.node, yaml.MappingNode)

    def is_scalar(self) -> bool:
        """Whether a single value stands here."""
        return isinstance(self.node, yaml.ScalarNode)

    def child(self, node: yaml.Node | None, step: str) -> Field:
        """The place one step deeper."""
        path = f"{self.path}{step}" if step.startswith("[") or not self.path else f"{self.path}.{step}"
        line = self.line if node is None else node.start_mark.line + 1
        return Field(node, path=path, line=line, problems=self.problems)

    def text(self, *, expected: str = "text") -> str:
        """A non-empty scalar, as it stands; a bare ``null`` or ``~`` is nothing. `UNREAD` where there is none."""
        if isinstance(self.node, yaml.ScalarNode) and self.node.value.strip() and self.node.tag != _NULL:
            return str(self.node.value)
        self.refuse(expected=expected)
        return UNREAD

    def word(self, *, expected: str = "a lower-case word (letters, digits, underscore)") -> str:
        """A lower-case word; a bare ``true`` or ``false`` is a truth to every reader of YAML, not a name."""
        word = self.text(expected=expected)
        if word is UNREAD:
            return word
        truth = isinstance(self.node, yaml.ScalarNode) and self.node.tag == _TRUTH and word in ("true", "false")
        if truth or not _WORD.fullmatch(word):
            self.refuse(expected=f"{expected}; in quotes, if it is meant" if truth else expected)
        return word

    def choice(self, *options: str) -> str:
        """One of the given words."""
        expected = "one of " + ", ".join(options)
        value = self.text(expected=expected)
        if value in options:
            return value
        if value is not UNREAD:
            self.refuse(expected=expected)
        return options[0]

    def decimal(self, *, decimals: int = 8, low: Decimal | None = None, high: Decimal | None = None) -> Decimal:
        """An exact number with at most ``decimals`` decimals, between ``low`` and ``high`` inclusive."""
        limits = ("" if low is None else f" from {low}") + ("" if high is None else f" to {high}")
        expected = f"a number{limits} with at most {decimals} decimals"
        value = self.node.value if isinstance(self.node, yaml.ScalarNode) else ""
        if not _NUMBER.fullmatch(value):
            self.refuse(expected=expected)
            return Decimal(1)
        number = Decimal(value)
        exponent = number.as_tuple().exponent
        too_fine = isinstance(exponent, int) and -exponent > decimals
        if too_fine or (low is not None and number < low) or (high is not None and number > high):
            self.refuse(expected=expected)
            return Decimal(1)
        return number

    def whole(self, *, low: int, high: int) -> int:
        """A whole number between ``low`` and ``high`` inclusive."""
        value = self.node.value if isinstance(self.node, yaml.ScalarNode) else ""
        if re.fullmatch(r"-?[0-9]{1,9}", value) and low <= int(value) <= high:
            return int(value)
        self.refuse(expected=f"a whole number from {low} to {high}")
        return low

    def day(self) -> date:
        """A date written YYYY-MM-DD, of a year within `YEARS`."""
        value = self.node.value if isinstance(self.node, yaml.ScalarNode) else ""
        expected = "a date YYYY-MM-DD"
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            try:
                found = date.fromisoformat(value)
            except ValueError:
                pass
            else:
                if YEARS[0] <= found.year < YEARS[1]:
                    return found
                expected = f"a date from {YEARS[0]} to {YEARS[1] - 1}"
        self.refuse(expected=expected)
        return date(YEARS[0], 1, 1)

    def flag(self) -> bool:
        """``true`` or ``false``."""
        return self.choice("true", "false") == "true"

    def items(self, *, most: int = 999) -> list[Field]:
        """The places of a list that holds 1 to ``most`` items."""
        if isinstance(self.node, yaml.SequenceNode) and 0 < len(self.node.value) <= most:
            return [self.child(node, f"[{at}]") for at, node in enumerate(self.node.value)]
        found = f"{len(self.node.value)} items" if isinstance(self.node, yaml.SequenceNode) else None
        self.refuse(expected=f"a list of 1 to {most} items", found=found)
        return []

    def pairs(self, *, expected: str = "a mapping", least: int = 0) -> list[tuple[str, Field]]:
        """Every key of a mapping with its place, in order; a key that stands twice, or fewer than ``least``, is a
        problem.
        """
        if not isinstance(self.node, yaml.MappingNode):
            self.refuse(expected=expected)
            return []
        pairs: dict[str, Field] = {}
        for key_node, value_node in self.node.value:
            key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else UNREAD
            place = self.child(value_node, key)
            if key is UNREAD:
                line = key_node.start_mark.line + 1
                self.problems.add(path=self.path, line=line, found="a list or mapping as a key", expected="a word")
                continue
            if key in pairs:
                line = key_node.start_mark.line + 1
                self.problems.add(path=place.path, line=line, found="the same key again", expected="each key once")
            else:
                pairs[key] = place
        if len(pairs) < least:
            self.refuse(found="an empty mapping", expected=expected)
        return list(pairs.items())

    def entries(self, required: Sequence[str], optional: Sequence[str] = ()) -> dict[str, Field]:
        """The named places of a mapping: missing and unknown keys are problems. Missing ones read as absent."""
        known = (*required, *optional)
        entries = dict(self.pairs(expected="a mapping with " + ", ".join(required)))
        for key, place in list(entries.items()):
            if key not in known:
                place.problems.add(path=place.path, line=place.line, found=f"the key {key!r}",
                                   expected="one of " + ", ".join(known))  # fmt: skip
                del entries[key]
        for key in required:
            if key not in entries:
                absent = self.child(None, key)
                if isinstance(self.node, yaml.MappingNode):
                    self.problems.add(path=absent.path, line=self.line, found="nothing", expected=f"the key {key!r}")
                entries[key] = absent
        return entries

    def bilingual(self) -> dict[str, str]:
        """The printed words in every language a bill is printed in: ``{en: …, es: …}``."""
        return {language: place.text() for language, place in self.entries(("en", "es")).items()}


def read_document(text: str, *, file: str) -> Field:
    """Parse YAML text into the root place of its single document; raise `TariffError` if it is not YAML.

    >>> root = read_document("price: 0.10", file="x.yaml")
    >>> root.entries(["price"])["price"].decimal()
    Decimal('0.10')
    """
    problems = Problems(file)
    try:
        refused = unfit(text, loader=_LOADER)
        node = yaml.compose(text, Loader=_LOADER) if refused is None else None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        if str(error.problem) == "but found another document":
            problems.add(path="", line=line, found="a second document after '---'", expected="one document in a file")
        else:
            said = str(error.problem).removeprefix("found ").replace("did not find expected", "no")
            expected = "valid YAML: spaces for indents, every quote and bracket closed"
            problems.add(path="", line=line, found=said, expected=expected)
        raise TariffError(problems.found) from None
    except yaml.YAMLError as error:
        problems.add(path="", line=1, found=str(error).splitlines()[0], expected="valid YAML")
        raise TariffError(problems.found) from None
    if node is None:
        line, found, expected = refused or (1, "nothing", "a document")
        problems.add(path="", line=line, found=found, expected=expected)
        raise TariffError(problems.found)
    return Field(node, path="", line=node.start_mark.line + 1, problems=problems)
