"""What is asked of a YAML text before it is composed: no reader of ours may be ended or exhausted by a document.

Composing descends with the document on the machine's own stack, so that brackets without end would end the process.
Parsing into events keeps no such stack, and is left at the first thing refused.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

#: A document of one schedule is far below these; more is a mistake, or meant to harm.
MOST_CHARACTERS, MOST_VALUES, DEEPEST = 2_000_000, 200_000, 50
#: What YAML takes for no printable text; lone surrogates too.
_CONTROL: re.Pattern[str] = yaml.reader.Reader.NON_PRINTABLE

#: A line (from 1), what was found there, and what was expected.
Refused = tuple[int, str, str]


def unfit(text: str, *, loader: Any) -> Refused | None:
    """The first thing in ``text`` that no document may hold; raise ``yaml.YAMLError`` where it is not YAML before that.

    >>> unfit("[" * 60_000, loader=yaml.CSafeLoader)
    (1, 'values nested more than 50 deep', 'at most 50 levels')
    """
    refused = too_much(text)
    if refused is not None:
        return refused
    depth = nodes = 0
    for event in yaml.parse(text, Loader=loader):
        if isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if not isinstance(event, yaml.NodeEvent):
            continue
        nodes += 1
        depth += isinstance(event, yaml.CollectionStartEvent)
        said = _unwanted(event)
        if depth > DEEPEST:
            said = f"values nested more than {DEEPEST} deep", f"at most {DEEPEST} levels"
        elif nodes > MOST_VALUES:
            said = f"more than {MOST_VALUES} keys and values", "a document of one schedule"
        if said is not None:
            return (_line(event), *said)
    return None


def too_much(text: str) -> Refused | None:
    """Whether a text is too long, or holds characters that nobody could see."""
    if len(text) > MOST_CHARACTERS:
        return 1, f"{len(text)} characters", f"at most {MOST_CHARACTERS}"
    control = _CONTROL.search(text)
    if control is None:
        return None
    line = text.count("\n", 0, control.start()) + 1
    return line, f"the control character U+{ord(control.group()):04X}", "text that can be printed"


def too_deep(text: str, *, loader: Any) -> int | None:
    """The line of the value nested more than `DEEPEST` deep; raise ``yaml.YAMLError`` where it is not YAML before.

    For texts in other languages made of YAML, that may well hold aliases and tags.
    """
    depth = 0
    for event in yaml.parse(text, Loader=loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            return _line(event)
    return None


def _line(event: yaml.Event) -> int:
    return 1 if event.start_mark is None else event.start_mark.line + 1


def _unwanted(event: yaml.NodeEvent) -> tuple[str, str] | None:
    if isinstance(event, yaml.AliasEvent):
        return "a YAML alias", "the value written out"
    tag = event.tag if isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent) else None
    if tag is not None and tag != "!":
        return f"the YAML tag {tag[:60]!r}", "the value alone"
    if isinstance(event, yaml.ScalarEvent) and event.value == "<<" and not event.style:
        return "the YAML merge key '<<'", "the values written out"
    return None
