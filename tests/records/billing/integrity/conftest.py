"""The planted defects, whichever way the tests' folders are imported."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

if "planted" not in sys.modules:
    _SPEC = importlib.util.spec_from_file_location("planted", Path(__file__).with_name("planted.py"))
    assert _SPEC is not None and _SPEC.loader is not None
    sys.modules["planted"] = importlib.util.module_from_spec(_SPEC)
    _SPEC.loader.exec_module(sys.modules["planted"])
