"""What importing or exporting one file came to: what is written, and what could not be said."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

#: ``lacking`` could not be expressed, ``assumed`` stands in for something unsaid, ``kept`` is carried in no charge.
Kind = Literal["refused", "lacking", "assumed", "kept"]


@dataclass(frozen=True, slots=True)
class Remark:
    """One sentence about a part of a file (a customer class, a record); ``part`` is '' for the whole file."""

    kind: Kind
    part: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Document:
    """One tariff document to be written: the part it came from, a file name without suffix, its text."""

    part: str
    name: str
    text: str


@dataclass(slots=True)
class Outcome:
    """Documents and remarks of one file, in its order. A refused part or file has a remark and no document."""

    documents: list[Document] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def say(self, kind: Kind, part: str, sentence: str) -> None:
        """Note one remark."""
        self.remarks.append(Remark(kind, part, sentence))
