"""What the service orders area keeps: crews, orders with their steps and links, visits, and where service is off."""

from meterbook.records.service_orders.models.crews import Crew, CrewMember
from meterbook.records.service_orders.models.locates import Locate, LocateAnswer, LocateRevision
from meterbook.records.service_orders.models.orders import Order, OrderLink, OrderStep
from meterbook.records.service_orders.models.phone import PhoneCopy
from meterbook.records.service_orders.models.status import ServiceStatus
from meterbook.records.service_orders.models.visits import ChecklistAnswer, OrderFinding, OrderPart, OrderVisit

__all__ = [
    "ChecklistAnswer",
    "Crew",
    "CrewMember",
    "Locate",
    "LocateAnswer",
    "LocateRevision",
    "Order",
    "OrderFinding",
    "OrderLink",
    "OrderPart",
    "OrderStep",
    "OrderVisit",
    "PhoneCopy",
    "ServiceStatus",
]
