"""What `meterbook rates price` was asked: one value for every format."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import click


@dataclass(frozen=True)
class Asked:
    """The options as given; those a format does not use must be absent."""

    file: Path | None
    out: Path
    rates: Path | None = None
    scenarios: Path | None = None
    intervals: Path | None = None
    metering: str | None = None
    true_up_month: int | None = None
    sell_rate: Decimal | None = None
    tiered_tou: str | None = None
    language: str | None = None

    def only(self, name: str, *used: str) -> None:
        """Refuse options that the format ``name`` does not use, and ask for those it cannot do without.

        ``used`` are the format's options; a trailing ``!`` marks one that must stand.
        """
        needed = {option.removesuffix("!") for option in used if option.endswith("!")}
        known = {option.removesuffix("!") for option in used} | {"out"}
        for option in self.__dataclass_fields__:
            shown = "FILE" if option == "file" else "--" + option.replace("_", "-")
            if getattr(self, option) is None and option in needed:
                raise click.UsageError(f"--format {name} needs {shown}")
            if getattr(self, option) is not None and option not in known:
                raise click.UsageError(f"--format {name} takes no {shown}")
