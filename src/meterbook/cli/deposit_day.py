"""A lockbox file posted by the command the office types, once or again.

`python -m meterbook.cli.deposit_day FILE PAYMENTS-IN-A-PIECE` is what `bench crash --what payments` kills and starts
again. It keeps nothing between commands.
"""

from __future__ import annotations

import sys

import django


def main(file: str, piece: str) -> None:
    """Type the command; says ``begun`` first, and ``step import`` before it."""
    django.setup()
    from meterbook.cli.main import cli

    print("begun", flush=True)
    print("step import", flush=True)
    words = ["payments", "import", "--format", "lockbox", "--piece", piece, "--as", "cashier", file]
    cli.main(words, prog_name="meterbook", standalone_mode=False)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
