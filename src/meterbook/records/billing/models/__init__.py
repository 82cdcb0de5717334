"""Bill runs and what they make.

A calculated bill exists but counts nowhere until its run is posted: bills carry no status of their own.
"""

from meterbook.records.billing.calendar.models import CalendarDate, CalendarEdition
from meterbook.records.billing.integrity.models import AuditFinding
from meterbook.records.billing.kinds.models import (
    SummaryBill,
    SummaryGroup,
    SummaryItem,
    SummaryMember,
    WholesaleDelivery,
)
from meterbook.records.billing.models.bills import KINDS, Bill, BilledPeriod, Line, Segment
from meterbook.records.billing.models.register import BillClearance, RegisterMark
from meterbook.records.billing.models.runs import BillRun, RunAccount, RunChunk, RunClosing, RunHandoff, RunReport
from meterbook.records.billing.models.unbilled import Completeness, Hold, HoldOrder, Unbilled

__all__ = [
    "KINDS", "AuditFinding", "Bill", "BillClearance", "BillRun", "BilledPeriod", "CalendarDate", "CalendarEdition",
    "Completeness", "Hold", "HoldOrder", "Line", "RegisterMark", "RunAccount", "RunChunk", "RunClosing", "RunHandoff",
    "RunReport", "Segment", "SummaryBill", "SummaryGroup", "SummaryItem", "SummaryMember", "Unbilled",
    "WholesaleDelivery",
]  # fmt: skip
