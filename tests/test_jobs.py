"""The worker finds every task that anything defers: a name that cannot be imported would fail only in production."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

SRC = Path(__file__).resolve().parent.parent / "src"
_REGISTERED = """
import importlib, django
django.setup()
from django.conf import settings
from procrastinate.contrib.django import app
for path in settings.PROCRASTINATE_IMPORT_PATHS:
    importlib.import_module(path)
print("\\n".join(app.tasks))
"""


def test_the_worker_knows_every_deferred_task() -> None:
    deferred = {
        name
        for file in SRC.rglob("*.py")
        for name in re.findall(r'configure_task\(\s*"([\w.]+)"', file.read_text(encoding="utf-8"))
    }
    assert "meterbook.jobs.events.deliver" in deferred
    run = subprocess.run([sys.executable, "-c", _REGISTERED], capture_output=True, text=True, check=True)
    assert deferred <= set(run.stdout.split())
