"""The pre-bill register: what stands out among calculated bills before anybody sees them. See README.md."""

from meterbook.engine.billing.register.figures import BEFORE, BILLS, MARKS, POINTS, Cycle
from meterbook.engine.billing.register.mark import marked
from meterbook.engine.billing.register.settings import Register, WrongRegister, parse_register

__all__ = ["BEFORE", "BILLS", "MARKS", "POINTS", "Cycle", "Register", "WrongRegister", "marked", "parse_register"]
