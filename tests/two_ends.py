"""Handing tests to processes, a file at a time, from both ends of one row.

What tests of a folder share (a founded city, an office, a browser's server) is made once a process. So the files stand
in a row by folder; even processes take from its front and odd ones from its back until they meet among the cheap ones.
"""

from __future__ import annotations

from typing import Any

import pytest
from xdist.scheduler.loadscope import LoadScopeScheduling

#: Folders by how they share: dear ones at the ends, the rest between them. From the back, what founds databases of its
#: own comes before the screens, whose office stays in an open transaction to the end.
_FRONT = ("tests/records", "tests/jobs", "tests/reports")
_BACK = ("tests/browser", "tests/web", "tests/stories", "tests/demo")


def _place(nodeid: str) -> int:
    for at, folder in enumerate(_FRONT):
        if nodeid.startswith(f"{folder}/"):
            return at - len(_FRONT)
    return next((at for at, folder in enumerate(_BACK, start=1) if nodeid.startswith(f"{folder}/")), 0)


class TwoEnds(LoadScopeScheduling):  # type: ignore[misc]
    """Files in the order they were collected; odd processes take the last one first."""

    def _split_scope(self, nodeid: str) -> str:
        return nodeid.split("::", 1)[0]

    def _assign_work_unit(self, node: Any) -> None:
        if int(node.gateway.id.removeprefix("gw")) % 2:
            self.workqueue.move_to_end(next(reversed(self.workqueue)), last=False)
        super()._assign_work_unit(node)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files in their row, the same in every process."""
    items.sort(key=lambda item: _place(item.nodeid))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> TwoEnds:
    """What hands out the tests."""
    return TwoEnds(config, log)
