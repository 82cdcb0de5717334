"""Why a bill is not the one before: exact parts that add up to the difference, in words. See README.md."""

from meterbook.engine.billing.change.bills import Billed, Booked, Sold
from meterbook.engine.billing.change.decompose import Part, changed
from meterbook.engine.billing.change.words import said, sentences

__all__ = ["Billed", "Booked", "Part", "Sold", "changed", "said", "sentences"]
