"""Two systems' bills of the same days: which lines agree, and whether a difference is explained to the cent."""

from meterbook.engine.billing.parallel.causes import Cause, compare
from meterbook.engine.billing.parallel.match import Compared, Group
from meterbook.engine.billing.parallel.sides import OurLine, OurPart, TheirLine, TheirPart

__all__ = ["Cause", "Compared", "Group", "OurLine", "OurPart", "TheirLine", "TheirPart", "compare"]
