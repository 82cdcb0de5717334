"""Progress in a terminal: count, rate and time left on one line; plain lines where there is no terminal."""

from __future__ import annotations

import sys
import time
from types import TracebackType


class Bar:
    """``with Bar("pricing", "bills") as bar: bar(done, of)``: shows how far, how fast, how long still."""

    def __init__(self, title: str, unit: str) -> None:
        self.title, self.unit = title, unit
        self._began = time.monotonic()
        self._live = sys.stderr.isatty()
        self._shown = ""

    def __enter__(self) -> Bar:
        return self

    def __call__(self, done: int, of: int) -> None:
        """Show ``done`` of ``of`` units."""
        passed = max(time.monotonic() - self._began, 1e-6)
        rate = done / passed
        left = (of - done) / rate if rate else 0.0
        self._shown = f"  {self.title:34}{done:>9,} of {of:,} {self.unit}  {rate:,.{0 if rate >= 10 else 2}f}/s"
        if self._live:
            print(f"\r\x1b[K{self._shown}  {left:,.0f} s left", end="", file=sys.stderr, flush=True)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        passed = time.monotonic() - self._began
        if self._live:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
        if kind is None and self._shown:
            print(f"{self._shown}  {passed:.1f} s", flush=True)
