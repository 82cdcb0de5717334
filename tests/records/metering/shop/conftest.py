"""The shelf, importable by its name from the tests beside it."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

if "shelf" not in sys.modules:
    _SPEC = importlib.util.spec_from_file_location("shelf", Path(__file__).with_name("shelf.py"))
    assert _SPEC is not None and _SPEC.loader is not None
    sys.modules["shelf"] = importlib.util.module_from_spec(_SPEC)
    _SPEC.loader.exec_module(sys.modules["shelf"])
