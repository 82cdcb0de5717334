"""Looking over a tariff text and its golden bills, as often as somebody pauses while writing them. Changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from meterbook.engine.rates.check import CaseResult, read_cases, run_cases
from meterbook.engine.rates.tariff import Tariff, TariffError, TariffProblem, parse_tariff

CASES_FILE = "golden bills"
T = TypeVar("T")


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
    """The tariff in a text, or everything that is wrong with it; what cannot even be read is wrong as a whole."""
    return attempt(lambda: (parse_tariff(text, file=file), []), lambda problems: (None, problems), file=file)


def attempt(read: Callable[[], T], otherwise: Callable[[list[TariffProblem]], T], *, file: str) -> T:
    """What ``read`` finds in a text somebody typed, or what ``otherwise`` makes of the problems.

    Whatever reading raises becomes a problem in words: no text may keep its own draft from being opened and put right.
    """
    try:
        return read()
    except TariffError as error:
        return otherwise(error.problems)
    except Exception as error:
        found = f"a text that cannot be read ({type(error).__name__})"
        return otherwise([TariffProblem(file, "", 1, found, "a document like those released, not nested this deep")])


def check(text: str, cases: str, *, file: str) -> Checked:
    """Read the text, then price its golden bills by both faces."""
    tariff, problems = check_text(text, file=file)
    if tariff is None or not cases.strip():
        return Checked(tariff, problems)

    def proven() -> Checked:
        results = run_cases(tariff, cases, file=CASES_FILE)
        newest = tariff.versions[-1].effective
        reached = any(case.ends > newest and not case.refused for case in read_cases(tariff, cases, file=CASES_FILE))
        return Checked(tariff, problems, results=results, proves_new=reached)

    return attempt(proven, lambda wrong: Checked(tariff, problems, case_problems=wrong), file=CASES_FILE)


def failed_cases(tariff: Tariff, cases: str) -> list[str]:
    """What is wrong with golden bills: each problem in a sentence, nothing if every one comes out."""
    try:
        results = run_cases(tariff, cases, file=CASES_FILE)
    except TariffError as error:
        return [str(problem) for problem in error.problems]
    return [f"{result.name}: {problem}" for result in results for problem in result.problems]
