"""Formulas drawn at random come to exactly the same in columns and in Decimal, refusals included."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Context, Decimal, localcontext

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meterbook.engine.rates import explain
from meterbook.engine.rates.check import bills_frame
from meterbook.engine.rates.language import in_decimal, on_columns
from meterbook.engine.rates.language.expressions import Formula, parse_formula
from meterbook.engine.rates.language.seasons import EACH
from meterbook.engine.rates.tariff import Tariff
from meterbook.engine.rates.terms import Refusal
from meterbook.engine.rates.versions import Charged, slices
from tests.engine.rates.language.conftest import Write  # type: ignore[import-not-found]
