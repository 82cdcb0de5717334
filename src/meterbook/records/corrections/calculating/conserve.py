"""Crossed meters: what both accounts were billed on and what they will be is the same usage."""

from __future__ import annotations

import json
from collections import defaultdict

import polars as pl

from meterbook.records.corrections.calculating.rebill import Rebilled
from meterbook.records.corrections.models import CorrectionCase
from meterbook.records.corrections.refusals import UsageNotConserved


def check_conserved(case: CorrectionCase, standing: pl.DataFrame, again: Rebilled) -> None:
    """Raise `UsageNotConserved` if usage of crossed points would be made or lost between their accounts.

    Compared for the points' own services over all days that are billed again; a decided usage may differ.
    """
    crossed = list(case.misapplied_usages.values_list("service_point_id", flat=True))
    if not crossed or not again.segments or case.decided_usages.filter(withdrawn__isnull=True).exists():
        return
    new = pl.concat(again.segments).filter(pl.col("service_point").is_in(crossed))
    was = standing.filter(pl.col("service_point").is_in(crossed) & pl.col("key").is_in(new["key"].to_list()))
    before, after = _usage(was["inputs"].to_list()), _usage(new["inputs"].to_list())
    if before != after:
        raise UsageNotConserved(
            f"case {case.number}: billed on {_said(before)}, would be billed on {_said(after)};"
            " both accounts must be in the case for the same days"
        )


def _usage(inputs: list[str]) -> dict[str, int]:
    """Usage in millionths by unit, over sealed inputs."""
    found: dict[str, int] = defaultdict(int)
    for text in inputs:
        for piece in json.loads(text).get("pieces") or []:
            found[piece["unit"]] += piece["quantity_e6"]
    return dict(found)


def _said(usage: dict[str, int]) -> str:
    return ", ".join(f"{quantity / 10**6:,.3f} {unit}" for unit, quantity in sorted(usage.items())) or "nothing"
