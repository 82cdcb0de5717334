"""Looking over a tariff text and its golden bills, as often as somebody pauses while writing them. Changes nothing."""

from __future__ import annotations

from dataclasses import dataclass, field

from meterbook.engine.rates.check import CaseResult, read_cases, run_cases
from meterbook.engine.rates.tariff import Tariff, TariffError, TariffProblem, parse_tariff

CASES_FILE = "golden bills"


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of a text and its golden bills: the tariff if the text is one, what is wrong, and each case."""

    tariff: Tariff | None
    problems: list[TariffProblem] = field(default_factory=list)
    case_problems: list[TariffProblem] = field(default_factory=list)
    results: list[CaseResult] = field(default_factory=list)
    proves_new: bool = False

    @property
    def failed(self) -> list[CaseResult]:
        """The cases on which a computation gives something else."""
        return [result for result in self.results if not result.passed]

    @property
    def sound(self) -> bool:
        """Whether the document is right and every golden bill comes out by both computations."""
        return self.tariff is not None and not self.case_problems and not self.failed


def check_text(text: str, *, file: str) -> tuple[Tariff | None, list[TariffProblem]]:
    """The tariff in a text, or everything that is wrong with it."""
    try:
        return parse_tariff(text, file=file), []
    except TariffError as error:
        return None, error.problems


def check(text: str, cases: str, *, file: str) -> Checked:
    """Read the text, then price its golden bills by both faces."""
    tariff, problems = check_text(text, file=file)
    if tariff is None or not cases.strip():
        return Checked(tariff, problems)
    try:
        results = run_cases(tariff, cases, file=CASES_FILE)
        newest = tariff.versions[-1].effective
        reached = any(case.ends > newest and not case.refused for case in read_cases(tariff, cases, file=CASES_FILE))
    except TariffError as error:
        return Checked(tariff, problems, case_problems=error.problems)
    return Checked(tariff, problems, results=results, proves_new=reached)


def failed_cases(tariff: Tariff, cases: str) -> list[str]:
    """What is wrong with golden bills: each problem in a sentence, nothing if every one comes out."""
    try:
        results = run_cases(tariff, cases, file=CASES_FILE)
    except TariffError as error:
        return [str(problem) for problem in error.problems]
    return [f"{result.name}: {problem}" for result in results for problem in result.problems]
