"""Every address of the staff app: each area brings its own."""

from __future__ import annotations

from django.urls import include, path

AREAS = (
    "platform", "find", "map", "customers", "contacts", "metering", "metering.shop", "metering.routes", "billing",
    "corrections", "payments", "banking", "receivables", "cashiering", "rates", "reports", "parallel",
    "programs.winter", "programs.solar", "programs.level_pay", "programs.discounts", "adjustments", "agencies",
    "security", "autopay", "returns", "fees", "closing", "arrangements", "payoff", "restore", "cases", "library",
    "refunds", "refunds.unclaimed", "refunds.programmes", "online", "correspondence", "service_orders", "new_service",
    "tasks", "setup", "field_app", "locates", "moves",
)  # fmt: skip
urlpatterns = [path("", include(f"meterbook.web.{area}.urls")) for area in AREAS]
