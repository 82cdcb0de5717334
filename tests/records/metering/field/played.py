"""Other systems as processes of their own, started by the command anybody would start them by."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_RUN = "from meterbook.config.main import main; main()"


@contextmanager
def played(*arguments: str) -> Iterator[str]:
    """The address of ``meterbook simulate …``, for as long as it is needed."""
    command = [sys.executable, "-u", "-c", _RUN, "simulate", *arguments, "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            found = re.search(r"http://\S+", process.stdout.readline())
            assert found is not None, "the simulator did not start"
            yield found[0]
        finally:
            process.terminate()
