"""Golden bills run live: each case of a draft priced by both faces, beside what it expects."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from meterbook.engine.money import dollars
from meterbook.engine.rates.check import Case, bills_frame, read_cases, run_cases
from meterbook.engine.rates.explain import amounts
from meterbook.engine.rates.price import price
from meterbook.engine.rates.tariff import Tariff
from meterbook.engine.rates.terms import Refusal
from meterbook.records.rates.checking import CASES_FILE


@dataclass(frozen=True, slots=True)
class GoldenLine:
    """One line of a golden bill: its printed label, its cents by each face, and what the case expects, if it says."""

    label: str
    priced: Decimal | None
    explained: Decimal | None
    expected: Decimal | None


@dataclass(frozen=True, slots=True)
class GoldenResult:
    """A case and what came of it just now."""

    at: int
    name: str
    starts: date
    ends: date
    facts: list[tuple[str, str]]
    expected: Decimal | None
    refused: str
    priced: Decimal | None
    explained: Decimal | None
    lines: list[GoldenLine]
    problems: list[str]

    @property
    def passed(self) -> bool:
        """Whether both faces gave what the case expects."""
        return not self.problems


def golden_bills(tariff: Tariff, cases: str, *, language: str) -> list[GoldenResult]:
    """Every case with its lines by both faces; raises `TariffError` if the cases are no document."""
    results = run_cases(tariff, cases, file=CASES_FILE)
    return [
        _result(at, tariff, case, result.problems, language)
        for at, (case, result) in enumerate(zip(read_cases(tariff, cases, file=CASES_FILE), results, strict=True))
    ]


def _result(at: int, tariff: Tariff, case: Case, problems: list[str], language: str) -> GoldenResult:
    priced, explained = _priced(tariff, case), _explained(tariff, case)
    lines = [
        GoldenLine(
            label=_label(tariff, case, name, part, language),
            priced=dollars(priced[key]) if priced and key in priced else None,
            explained=dollars(explained[key]) if explained and key in explained else None,
            expected=_expected(case, place),
        )
        for place, key in enumerate(dict.fromkeys([*(priced or {}), *(explained or {})]))
        for name, part, _starts in [key]
    ]
    return GoldenResult(
        at=at, name=case.name, starts=case.starts, ends=case.ends,
        facts=[(name, str(value)) for name, value in case.determinants.items()],
        expected=case.total if case.total is not None else _sum(case), refused=case.refused,
        priced=None if priced is None else dollars(sum(priced.values())),
        explained=None if explained is None else dollars(sum(explained.values())),
        lines=lines, problems=problems,
    )  # fmt: skip


def _sum(case: Case) -> Decimal | None:
    return None if case.lines is None else sum((amount for _name, _part, amount in case.lines), Decimal(0))


def _expected(case: Case, place: int) -> Decimal | None:
    return case.lines[place][2] if case.lines is not None and place < len(case.lines) else None


def _label(tariff: Tariff, case: Case, name: str, part: int, language: str) -> str:
    for version in (tariff.version_at(case.ends), *tariff.versions[::-1]):
        for component in version.components:
            if component.id == name:
                return (component.settings.label_of(part) or component.label)[language]
    return name


Lines = dict[tuple[str, int, date], int]


def _priced(tariff: Tariff, case: Case) -> Lines | None:
    try:
        lines = price(tariff, bills_frame(tariff, [(case.starts, case.ends, case.determinants)]))
    except Refusal:
        return None
    keys = zip(lines["component"], lines["part"], lines["starts"], strict=True)
    return dict(zip(keys, lines["amount"], strict=True))


def _explained(tariff: Tariff, case: Case) -> Lines | None:
    try:
        lines = amounts(tariff, starts=case.starts, ends=case.ends, determinants=case.determinants)
    except Refusal:
        return None
    return {(name, part, starts): cents for name, part, _version, starts, cents, *_ in lines}
