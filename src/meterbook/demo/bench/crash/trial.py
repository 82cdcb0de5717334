"""One trial: a worker started, something broken at a given moment, everything brought up again, work gone on with."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Any

from meterbook.demo.bench.crash.arena import Arena

WORKER, SERVER, DISK = "worker", "server", "disk"
_PATIENCE = 180.0


class NotResumed(RuntimeError):
    """The ordinary commands did not bring the run to its end."""


@dataclass(frozen=True, slots=True)
class Job:
    """What the worker is to bring to its end: a module that types the office's commands, and its arguments."""

    module: str
    words: tuple[str, ...]

    def process(self, url: str) -> subprocess.Popen[str]:
        """The worker in a session of its own, begun: its interpreter is up and the first command comes next."""
        command = [sys.executable, "-m", self.module, *self.words]
        worker = subprocess.Popen(
            command, env=os.environ | {"DATABASE_URL": url}, text=True, start_new_session=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        assert worker.stdout is not None
        said = worker.stdout.readline()
        if said.strip() != "begun":
            raise NotResumed(f"the worker did not begin: {said}{worker.communicate()[0][-2000:]}")
        return worker


@dataclass(frozen=True, slots=True)
class Broken:
    """What was broken, when (seconds after the worker began, or bytes left for it), and whether that interrupted it."""

    what: str
    at: float
    interrupted: bool
    stage: str


def finish(job: Job, url: str) -> float:
    """Type the commands until the run stands where it should; seconds. Raises `NotResumed`."""
    worker = job.process(url)
    began = time.monotonic()
    said, _ = worker.communicate(timeout=_PATIENCE)
    if worker.returncode:
        raise NotResumed(said[-3000:])
    return time.monotonic() - began


def least_free(job: Job, arena: Arena) -> int:
    """Bytes that an undisturbed run takes from the file system at its fullest."""
    before = least = arena.free()
    worker = job.process(arena.url("work"))
    while worker.poll() is None:
        least = min(least, arena.free())
        time.sleep(0.02)
    worker.communicate()
    if worker.returncode:
        raise NotResumed("the undisturbed run did not end")
    return before - least


def broken(job: Job, arena: Arena, what: str, at: float) -> Broken:
    """Start the worker and break ``what``: after ``at`` seconds, or with ``at`` bytes left on the disk."""
    if what == DISK:
        arena.fill(int(at))
    worker = job.process(arena.url("work"))
    try:
        if what == DISK:
            said, _ = worker.communicate(timeout=_PATIENCE)
        else:
            time.sleep(at)
            if worker.poll() is None and what == WORKER:
                os.killpg(worker.pid, signal.SIGKILL)
            elif worker.poll() is None:
                arena.kill_server()
            said, _ = worker.communicate(timeout=_PATIENCE)
    finally:
        if worker.poll() is None:
            os.killpg(worker.pid, signal.SIGKILL)
        arena.empty()
    interrupted = worker.returncode != 0
    arena.start()
    return Broken(what, at, interrupted, _stage(said))


def _stage(said: str) -> str:
    """The command the worker was at, by what it said last."""
    steps = [line.removeprefix("step ") for line in said.splitlines() if line.startswith("step ")]
    return steps[-1] if steps else "before the first command"


def plain(found: Broken) -> dict[str, Any]:
    """A trial's break as plain values."""
    return {"what": found.what, "at": round(found.at, 3), "interrupted": found.interrupted, "stage": found.stage}
