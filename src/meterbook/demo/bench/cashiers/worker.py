"""A process of cashiers, started by itself: Django is set up here before anything of the project is imported."""

from __future__ import annotations

from typing import Any


def work(names: list[str], drawers: list[int], seconds: float, pause: float, seed: int, answers: Any) -> None:
    """Sit each named cashier at her drawer for so long, one thread each; puts what they saw into ``answers``."""
    import django

    django.setup()
    from meterbook.demo.bench.cashiers.window import sit_all

    answers.put(sit_all(names, drawers, seconds=seconds, pause=pause, seed=seed))
