"""Replaying a sealed run: every bill recomputed from what the run itself stored, and nothing else. See README.md."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from meterbook.engine.rates.tariff import Tariff
from meterbook.records.billing.models import BillRun, RunChunk
from meterbook.records.billing.operations.calculate_run import code_sha256
from meterbook.records.billing.replay.found import Difference, Replay, Replayed
from meterbook.records.billing.replay.recompute import replay_part
from meterbook.records.billing.replay.seals import broken_seals, tariffs_of

__all__ = ["Difference", "NotSealed", "Replay", "Replayed", "parts_of", "replay", "replay_part", "tariffs_of"]

#: Replays parts of a run, each as it is done: in this process, or in several (`jobs.replay`).
Worker = Callable[[BillRun, list[RunChunk], Mapping[int, Tariff]], Iterable[tuple[RunChunk, Replayed]]]


class NotSealed(ValueError):
    """The run has no seal to be held against: it is not calculated, or was cancelled."""


def parts_of(run: BillRun) -> list[RunChunk]:
    """The chunks of a run, in order."""
    return list(run.chunks.order_by("number"))


def in_this_process(
    run: BillRun, parts: list[RunChunk], tariffs: Mapping[int, Tariff]
) -> Iterable[tuple[RunChunk, Replayed]]:
    """Each part after the other."""
    for part in parts:
        yield part, replay_part(run, part, tariffs)


def replay(
    run: BillRun, *, told: Callable[[int, int], None] = lambda done, of: None, worker: Worker = in_this_process
) -> Replay:
    """Recompute a calculated or posted run from its stored inputs and released documents; changes nothing.

    ``told`` hears accounts done and accounts in all. Raises `NotSealed`.
    """
    if run.status not in (BillRun.CALCULATED, BillRun.POSTED):
        raise NotSealed(f"run {run.number} is {run.status}: only a calculated or posted run is sealed")
    compared = Replayed()
    tariffs, wrong = tariffs_of(run)
    compared.tell(wrong)
    parts = parts_of(run)
    accounts = sum(part.accounts for part in parts)
    done = 0
    for part, found in worker(run, parts, tariffs):
        compared.add(found)
        done += part.accounts
        told(done, accounts)
    compared.tell(broken_seals(run, compared.bills))
    compared.where.sort(key=lambda each: (each.account, each.bill, each.segment or 0))
    return Replay(run.number, compared, run.inputs_sha256, run.code_sha256, code_sha256())
