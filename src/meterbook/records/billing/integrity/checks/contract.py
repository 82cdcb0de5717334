"""What a check is: its words, its thresholds, how much it matters, and one set-wise query."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

#: Kinds of threshold and what a policy writes for them.
ParameterKind = Literal["days", "count", "words", "table", "by_commodity", "area"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number or list of the policy that a check's query names as ``%(name)s``.

    ``days`` and ``count`` are whole numbers, ``area`` square feet, ``words`` a list of texts, ``by_commodity`` exact
    numbers in quotes by commodity, ``table`` a list of mappings; the last two reach the query as JSON text.
    """

    name: str
    kind: ParameterKind
    title: str


@dataclass(frozen=True, slots=True)
class Check:
    """One way in which a meter account may not add up.

    ``sql`` gives rows of subject, service_point_id, premise_id, parcel_id, meter_id, account_id, commodity (whose
    average bill is at risk; null: none), premise_class, figures (a JSON object; ``what`` chooses the sentence). It
    reads today's tables of `records.billing.integrity.today`. ``moving`` names figures that change by themselves,
    on which no explanation stands; ``after`` names checks whose findings its query looks at in ``audit_found``.
    """

    name: str
    title: str
    says: dict[str, str]
    severity: int
    sql: str
    parameters: tuple[Parameter, ...] = ()
    moving: frozenset[str] = field(default_factory=frozenset)
    after: tuple[str, ...] = ()

    def message(self, figures: dict[str, Any]) -> str:
        """The English sentence of a finding, to be translated and then filled with its figures."""
        return self.says[str(figures.get("what", ""))]
