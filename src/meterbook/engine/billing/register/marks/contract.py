"""What a test of the register is: a name, a title, how it finds, and what it says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from meterbook.engine.billing.register.figures import Cycle
from meterbook.engine.billing.register.settings import Setting


@dataclass(frozen=True, slots=True)
class Mark:
    """A test. ``says`` has a sentence for each thing it compares against (`MARKS.against`), with named figures:

    ``figure``, ``compared``, ``service``, ``cents``, and whatever the mark's ``details`` hold. ``kinds`` says how a
    detail reads: cents, usage, days, size, class or plain.
    """

    name: str
    title: str
    says: Mapping[str, str]
    find: Callable[[Cycle, Setting], pl.DataFrame]
    kinds: Mapping[str, str]
