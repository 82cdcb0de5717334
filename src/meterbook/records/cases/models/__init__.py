"""What the cases area keeps: cases with their steps and links, disputes, and the evidence of revenue protection."""

from meterbook.records.cases.models.case import Case, CaseLink, CaseStep
from meterbook.records.cases.models.dispute import Dispute
from meterbook.records.cases.models.revenue import Evidence, LoadEstimate, RevenueClaim

__all__ = ["Case", "CaseLink", "CaseStep", "Dispute", "Evidence", "LoadEstimate", "RevenueClaim"]
