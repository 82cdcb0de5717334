"""The policy ``retention`` in force on a day: how long which files are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from meterbook.records.platform.models import Document
from meterbook.records.platform.policies import policy_as


class WrongRetention(ValueError):
    """The policy is not one of retention: says where and what was expected."""


@dataclass(frozen=True, slots=True)
class Retention:
    """A class of files: its words, which records they hang on, for how many years they are kept, by which rule."""

    code: str
    words: Mapping[str, str]
    subjects: tuple[str, ...]
    years: int
    citation: str


def parse_retention(found: Mapping[str, Any]) -> dict[str, Retention]:
    """The classes by code, in their order; raises `WrongRetention`."""
    rows = found.get("classes")
    if not isinstance(rows, list) or not rows:
        raise WrongRetention("classes: expected a list with at least one class")
    made: dict[str, Retention] = {}
    for at, row in enumerate(rows):
        try:
            code, words, years = str(row["code"]), row["words"], row["years"]
            subjects, citation = tuple(str(one) for one in row["subjects"]), str(row["citation"])
            said = {"en": str(words["en"]), "es": str(words["es"])}
        except (KeyError, TypeError) as error:
            raise WrongRetention(f"classes[{at}]: code, words in en and es, subjects, years, citation") from error
        if not isinstance(years, int) or isinstance(years, bool) or years < 1 or code in made or not subjects:
            raise WrongRetention(f"classes[{at}]: a code of its own, at least one year and one kind of record")
        made[code] = Retention(code, said, subjects, years, citation)
    return made


def retention_on(day: date) -> tuple[Document, dict[str, Retention]]:
    """The classes and the document they stand in. Raises `NoPolicy`."""
    return policy_as("retention", day, parse_retention)
