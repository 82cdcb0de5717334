"""The yearly reset: draw it, override a point with a reason, ask for agreement, put it in force."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Any

import polars as pl
from django.db import connection
from django.db.models import F

from meterbook.records.places.models import DeterminantKind, ServicePoint
from meterbook.records.platform.copying import copy_in
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Approval, Deed
from meterbook.records.platform.roles import BILLING, SUPERVISOR
from meterbook.records.programs.models import WinterAverage, WinterReset
from meterbook.records.programs.winter_average.gather import KIND, drawn, with_revenue
from meterbook.records.programs.winter_average.rules import winter_rules


class AlreadyApplied(ValueError):
    """The winter averages of this day are in force."""


class NothingToReset(ValueError):
    """No service point is billed by a winter average on this day."""


class NotInReset(LookupError):
    """The service point is not in this reset."""


class ResetNotApproved(PermissionError):
    """Nobody else agreed to exactly these quantities."""


@operation("programs.draw_winter_reset", roles={BILLING, SUPERVISOR})
def draw_winter_reset(deed: Deed, *, effective: date) -> WinterReset:
    """Draw, or draw again, the reset of a day from the winter's reads; overrides are kept. Nothing changes yet.

    Raises `AlreadyApplied` and `NothingToReset`.
    """
    rules = winter_rules(effective)
    reset = WinterReset.objects.select_for_update().filter(effective=effective, state=WinterReset.DRAFT).first()
    if WinterReset.objects.filter(effective=effective, state=WinterReset.APPLIED).exists():
        raise AlreadyApplied(f"the winter averages of {effective} are in force")
    rows = drawn(effective, rules)
    if rows.is_empty():
        raise NothingToReset(f"no service point is billed by a winter average on {effective}")
    if reset is None:
        reset = WinterReset.objects.create(effective=effective, policy=rules.document, drawn_by=deed)
    overrides = {
        row.service_point_id: (row.override_e6, row.override_reason, row.override_deed_id)
        for row in reset.rows.filter(override_e6__isnull=False)
    }
    said = {"service_point": pl.Int64, "override": pl.Int64, "reason": pl.String, "by": pl.Int64}
    kept = pl.DataFrame([(point, *each) for point, each in overrides.items()], schema=said, orient="row")
    rows = rows.join(kept, on="service_point", how="left").with_columns(set=pl.coalesce("override", "average"))
    _store(reset, with_revenue(rows, effective))
    _withdraw(reset)
    reset.policy, reset.drawn_by, reset.approval = rules.document, deed, None
    reset.totals = totals_of(reset)
    reset.save()
    tell(deed, "programs.winter_reset_drawn", reset=reset.pk, points=reset.totals["points"])
    return reset


def _store(reset: WinterReset, rows: pl.DataFrame) -> None:
    reset.rows.all().delete()
    copy_in(
        "programs_winteraverage",
        rows.select(
            pl.lit(reset.pk).alias("reset_id"), pl.col("service_point").alias("service_point_id"),
            pl.col("account").alias("account_id"), "periods", "estimated", "source",
            pl.col("before").alias("before_e6"), pl.col("average").alias("average_e6"),
            pl.col("override").alias("override_e6"), pl.col("reason").fill_null("").alias("override_reason"),
            pl.col("by").alias("override_deed_id"), "cents_before", "cents_after",
        ),
    )  # fmt: skip


def _withdraw(reset: WinterReset) -> None:
    if reset.approval is not None:
        Approval.objects.filter(pk=reset.approval.pk, status=Approval.PENDING).update(status=Approval.WITHDRAWN)


def totals_of(reset: WinterReset) -> dict[str, Any]:
    """What a reset comes to, from its rows: points by source, cents before and after, a seal over every quantity."""
    digest, by_source = hashlib.sha256(), dict.fromkeys(("average", "default", "capped", "override"), 0)
    before = after = unpriced = estimated = 0
    for row in reset.rows.order_by("service_point_id"):
        digest.update(json.dumps([row.service_point_id, row.set_e6]).encode())
        by_source["override" if row.override_e6 is not None else row.source] += 1
        estimated += bool(row.estimated)
        if row.cents_before is None or row.cents_after is None:
            unpriced += 1
        else:
            before, after = before + row.cents_before, after + row.cents_after
    return {
        "points": sum(by_source.values()), "by_source": by_source, "estimated_points": estimated,
        "cents_before": before, "cents_after": after, "unpriced_points": unpriced, "seal": digest.hexdigest(),
    }  # fmt: skip


@operation("programs.override_winter_average", roles={BILLING, SUPERVISOR})
def override_winter_average(
    deed: Deed, *, reset: WinterReset, service_point: ServicePoint, quantity_e6: int | None
) -> WinterAverage:
    """Set one point's quantity by hand, or take that back (``None``); the deed's reason says why.

    Raises `AlreadyApplied`, `NotInReset`, and ``ValueError`` without a reason or below zero.
    """
    locked = _draft(reset)
    row = locked.rows.filter(service_point=service_point).first()
    if row is None:
        raise NotInReset(f"{service_point.code} is not billed by a winter average on {locked.effective}")
    if quantity_e6 is not None and (quantity_e6 < 0 or len(deed.reason.strip()) < 5):
        raise ValueError("an override is a quantity of zero or more, with the reason for it")
    row.override_e6 = quantity_e6
    row.override_reason = "" if quantity_e6 is None else deed.reason.strip()[:300]
    row.override_deed = None if quantity_e6 is None else deed
    row.save()
    _price_again(locked, row)
    _withdraw(locked)
    locked.approval, locked.totals = None, totals_of(locked)
    locked.save()
    tell(deed, "programs.winter_average_overridden", reset=locked.pk, service_point=service_point.pk)
    return row


def _price_again(reset: WinterReset, row: WinterAverage) -> None:
    served = row.service_point.agreements.filter(validity__contains=reset.effective)
    agreement = served.select_related("schedule").first()
    values = (row.service_point_id, row.before_e6, row.set_e6, agreement.schedule.document_id if agreement else None)
    schema = {"service_point": pl.Int64, "before": pl.Int64, "set": pl.Int64, "document": pl.Int64}
    [priced] = with_revenue(pl.DataFrame([values], schema=schema, orient="row"), reset.effective).to_dicts()
    row.cents_before, row.cents_after = priced["cents_before"], priced["cents_after"]
    row.save()


def _draft(reset: WinterReset) -> WinterReset:
    locked = WinterReset.objects.select_for_update().get(pk=reset.pk)
    if locked.state != WinterReset.DRAFT:
        raise AlreadyApplied(f"the reset of {locked.effective} is {locked.state}")
    return locked


@operation("programs.request_winter_reset", roles={BILLING, SUPERVISOR})
def request_winter_reset(deed: Deed, *, reset: WinterReset) -> Approval:
    """Ask a second person to agree; the request shows points by source and the revenue before and after."""
    locked = _draft(reset)
    if locked.approval is not None and locked.approval.status == Approval.PENDING:
        return locked.approval
    locked.approval = Approval.objects.create(
        kind="programs.apply_winter_reset", subject=f"winterreset:{locked.pk}",
        preview={"effective": locked.effective.isoformat(), **locked.totals},
        amount_cents=locked.totals["cents_after"] - locked.totals["cents_before"], requested_by=deed.actor,
        reason=deed.reason,
    )  # fmt: skip
    locked.save()
    tell(deed, "programs.winter_reset_requested", reset=locked.pk, approval=locked.approval.pk)
    return locked.approval


@operation("programs.apply_winter_reset", roles={BILLING, SUPERVISOR})
def apply_winter_reset(deed: Deed, *, reset: WinterReset) -> WinterReset:
    """Put an agreed reset in force: each point's quantity changes on the reset's day, all of them or none.

    Raises `AlreadyApplied`, and `ResetNotApproved` unless somebody else agreed to exactly these quantities.
    """
    locked = _draft(reset)
    approval = locked.approval
    if approval is None or approval.status != Approval.APPROVED:
        raise ResetNotApproved(f"the winter averages of {locked.effective} are not approved")
    if approval.preview.get("seal") != totals_of(locked)["seal"]:
        raise ResetNotApproved(f"the winter averages of {locked.effective} changed since they were approved")
    _set(deed, locked)
    locked.state, locked.applied_by = WinterReset.APPLIED, deed
    locked.save()
    tell(deed, "programs.winter_reset_applied", reset=locked.pk, effective=locked.effective.isoformat(),
         **locked.totals["by_source"])  # fmt: skip
    return locked


_END = """
WITH ended AS (
    UPDATE places_determinant d SET validity = daterange(lower(d.validity), %(day)s)
      FROM programs_winteraverage w
     WHERE w.reset_id = %(reset)s AND d.service_point_id = w.service_point_id AND d.kind_id = %(kind)s
       AND d.validity @> %(day)s::date AND lower(d.validity) < %(day)s
    RETURNING d.id)
SELECT count(*) FROM ended
"""
_UNTIL = """
CREATE TEMPORARY TABLE winter_until ON COMMIT DROP AS
SELECT w.service_point_id, upper(d.validity) AS until FROM programs_winteraverage w
  JOIN places_determinant d ON d.service_point_id = w.service_point_id AND d.kind_id = %(kind)s
   AND d.validity @> %(day)s::date
 WHERE w.reset_id = %(reset)s
"""
_BEGIN = """
INSERT INTO places_determinant (service_point_id, kind_id, number_e6, key, origin, validity, deed_id)
SELECT w.service_point_id, %(kind)s, coalesce(w.override_e6, w.average_e6), '',
       CASE WHEN w.override_e6 IS NULL
            THEN 'winter before ' || %(day)s || ': ' || w.source || ' of ' || w.periods || ' reads'
            ELSE 'winter before ' || %(day)s || ': set by hand, ' || w.override_reason END,
       daterange(%(day)s, u.until), %(deed)s
  FROM programs_winteraverage w JOIN winter_until u ON u.service_point_id = w.service_point_id
 WHERE w.reset_id = %(reset)s
"""


def _set(deed: Deed, reset: WinterReset) -> None:
    """End each quantity in force on the day and begin the new one; a quantity that was to end keeps its end."""
    kind = DeterminantKind.objects.get(name=KIND)
    values: dict[str, date | int] = {"day": reset.effective, "reset": reset.pk, "kind": kind.pk, "deed": deed.pk}
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS winter_until")
        cursor.execute(_UNTIL, values)
        cursor.execute(_END, values)
        ended = cursor.fetchone()[0]
        cursor.execute(_BEGIN, values)
        if not ended == cursor.rowcount == reset.totals["points"]:
            raise ResetNotApproved(
                f"{reset.totals['points']} points were agreed to, but {ended} of them stand as they did: draw it again"
            )


def by_hand(reset: WinterReset) -> list[WinterAverage]:
    """The rows a person set otherwise, largest change first."""
    rows = reset.rows.filter(override_e6__isnull=False).select_related("service_point", "override_deed__actor")
    return list(rows.order_by((F("override_e6") - F("average_e6")).desc(), "pk"))
