"""Water delivered to another agency, measured twice: what two meters make of one quantity, and why.

An agreement says which meter counts when they agree (the mean of both, or the primary), how far apart they may be, what
is billed when they are farther apart (the primary, or nothing until it is settled), and the losses between the meters
and the delivery point. Quantities are millionths of the meter's unit; the result is rounded half-up to a millionth.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

from meterbook.engine.billing.verify import usage_disagrees
from meterbook.engine.trace import N_, Step

Within = Literal["mean", "primary"]
Beyond = Literal["primary", "hold"]


class WrongTerms(ValueError):
    """The terms of an agreement cannot be read; says the field, what was found and what was expected."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What an agreement says of two meters. ``tolerance`` and ``loss`` are shares; ``dispute_days`` after the bill."""

    tolerance: Decimal
    within: Within
    beyond: Beyond
    loss: Decimal
    dispute_days: int
    citation: str = ""

    def as_text(self) -> dict[str, str]:
        """The terms as plain texts, to be sealed with the reads."""
        return {
            "tolerance": str(self.tolerance), "within": self.within, "beyond": self.beyond, "loss": str(self.loss),
            "dispute_days": str(self.dispute_days), "citation": self.citation,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Settled:
    """What two meters make: the quantity delivered, whether a field check is needed, and every step to it.

    ``quantity_e6`` is ``None`` where the terms say that nothing is billed before the meters are checked.
    """

    quantity_e6: int | None
    apart: Decimal
    field_check: bool
    steps: tuple[Step, ...]


def parse_terms(told: Mapping[str, Any], *, where: str = "terms") -> Terms:
    """Read an agreement's terms; raises `WrongTerms`.

    >>> parse_terms({"tolerance": "0.02", "within": "mean", "beyond": "primary", "loss": "0.01",
    ...              "dispute_days": 30}).loss
    Decimal('0.01')
    """
    unknown = sorted(set(told) - {"tolerance", "within", "beyond", "loss", "dispute_days", "citation"})
    if unknown:
        raise WrongTerms(f"{where}.{unknown[0]}: nobody knows that field")
    for field, choices in (("within", ("mean", "primary")), ("beyond", ("primary", "hold"))):
        if told.get(field) not in choices:
            raise WrongTerms(f"{where}.{field}: found {told.get(field)!r}, expected {' or '.join(choices)}")
    return Terms(
        tolerance=_share(told, "tolerance", where), within=told["within"], beyond=told["beyond"],
        loss=_share(told, "loss", where), dispute_days=_days(told, where), citation=str(told.get("citation", "")),
    )  # fmt: skip


def parse_wholesale(document: Mapping[str, Any]) -> dict[str, Terms]:
    """The terms of every agreement of a policy document, by its code; raises `WrongTerms`."""
    agreements = document.get("agreements")
    if not isinstance(agreements, dict) or not agreements:
        raise WrongTerms(f"agreements: found {agreements!r}, expected terms by the code of the agreement")
    for code, told in agreements.items():
        if not isinstance(told, dict):
            raise WrongTerms(f"agreements.{code}: found {told!r}, expected the terms of an agreement")
    return {str(code): parse_terms(told, where=f"agreements.{code}") for code, told in agreements.items()}


def _share(told: Mapping[str, Any], field: str, where: str) -> Decimal:
    try:
        found = Decimal(str(told[field]))
    except (KeyError, ArithmeticError):
        found = Decimal("NaN")
    if not (found.is_finite() and -1 < found < 1) or (field == "tolerance" and found < 0):
        raise WrongTerms(f"{where}.{field}: found {told.get(field)!r}, expected a share like 0.02")
    return found


def _days(told: Mapping[str, Any], where: str) -> int:
    text = str(told.get("dispute_days", ""))
    if not text.isdigit():
        raise WrongTerms(f"{where}.dispute_days: found {told.get('dispute_days')!r}, expected whole days")
    return int(text)


def settle(primary_e6: int, check_e6: int, terms: Terms) -> Settled:
    """What was delivered by the primary and the check meter's usage of the same days.

    The meters are apart by their difference as a share of the primary's; a primary that shows nothing agrees only with
    a check meter that shows nothing.

    >>> two = Terms(Decimal("0.02"), "mean", "primary", Decimal("0.01"), 30)
    >>> settle(1_000_000_000, 1_010_000_000, two).quantity_e6
    1015050000
    >>> settle(1_000_000_000, 1_050_000_000, two).field_check
    True
    """
    primary, check = Decimal(primary_e6).scaleb(-6), Decimal(check_e6).scaleb(-6)
    apart = abs(primary - check) / primary if primary else Decimal(int(check != 0))
    agree = apart <= terms.tolerance
    steps = [
        Step(
            N_("The primary meter measured {primary}, the check meter {check}."),
            {"primary": plain(primary), "check": plain(check)},
        ),
        Step(
            N_("They are {apart} % apart; the agreement allows {allowed} %."),
            {"apart": _percent(apart), "allowed": _percent(terms.tolerance)},
        ),
    ]
    if not agree and terms.beyond == "hold":
        steps.append(Step(N_("Nothing is billed before both meters are checked in the field.")))
        return Settled(None, apart, True, tuple(steps))
    mean = agree and terms.within == "mean"
    base = (primary + check) / 2 if mean else primary
    steps.append(_said(mean=mean, agree=agree, base=base))
    delivered = (base * (1 + terms.loss)).quantize(Decimal("0.000001"), ROUND_HALF_UP)
    if terms.loss:
        steps.append(
            Step(
                N_("Losses between the meters and the delivery point are {loss} %: {base} × {factor} = {delivered}."),
                {
                    "loss": _percent(terms.loss),
                    "base": plain(base),
                    "factor": 1 + terms.loss,
                    "delivered": plain(delivered),
                },
            )
        )
    return Settled(int(delivered.scaleb(6)), apart, not agree, tuple(steps))


def _said(*, mean: bool, agree: bool, base: Decimal) -> Step:
    if mean:
        return Step(N_("The meters agree: the mean of both counts, {base}."), {"base": plain(base)})
    if agree:
        return Step(N_("The meters agree: the primary meter counts, {base}."), {"base": plain(base)})
    return Step(
        N_("The meters do not agree: the primary meter counts, {base}, and a field check is due."),
        {"base": plain(base)},
    )


def plain(value: Decimal) -> Decimal:
    """A quantity without needless zeros.

    >>> plain(Decimal("1200.500000")), plain(Decimal("1000.000000"))
    (Decimal('1200.5'), Decimal('1000'))
    """
    return Decimal(f"{value:f}").quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def _percent(share: Decimal) -> Decimal:
    return (share * 100).quantize(Decimal("0.01"), ROUND_HALF_UP)


def summed(pieces: Iterable[Mapping[str, Any]]) -> int:
    """The usage of sealed pieces, in millionths, each judged by its own reads.

    Raises ``ValueError`` naming a piece whose reads make another quantity than it says.
    """
    known = list(pieces)
    wrong = usage_disagrees(known, {})
    if wrong is not None:
        raise ValueError(wrong)
    return sum(piece["quantity_e6"] for piece in known)


def sealed_pair(check: Iterable[Mapping[str, Any]], terms: Terms) -> str:
    """The check meter's pieces and the agreement's terms as text, to be sealed beside the primary's pieces."""
    told = {"check": list(check), "terms": terms.as_text()}
    return json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)


def disagrees(
    primary: Iterable[Mapping[str, Any]] | None, paired: str, told: Mapping[str, Decimal | str]
) -> str | None:
    """Why sealed pairs of reads do not make the usage a bill was priced with, or ``None`` when they do.

    ``paired`` is `sealed_pair`'s text.
    """
    try:
        other = json.loads(paired)
        found = settle(summed(primary or []), summed(other["check"]), parse_terms(other["terms"], where="sealed terms"))
    except (ValueError, KeyError) as problem:
        return f"paired meters: {problem}"
    usage = told.get("usage")
    if found.quantity_e6 is None or not isinstance(usage, Decimal) or usage.scaleb(6) != found.quantity_e6:
        return f"both meters settle at {found.quantity_e6} millionths, priced with usage {usage}"
    return None
