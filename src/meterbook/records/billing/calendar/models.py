"""A cycle's year of dates in editions: proposed, then published for good; a later edition takes its place."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from meterbook.records.places.models import Cycle
from meterbook.records.platform.fields import never_deleted
from meterbook.records.platform.models import Deed, Document


class CalendarEdition(models.Model):
    """One edition of the billing calendar of a cycle and year; the newest published one counts."""

    PROPOSED, PUBLISHED, WITHDRAWN = "proposed", "published", "withdrawn"
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="calendar_editions")
    year = models.PositiveSmallIntegerField(help_text="the year its periods are read in")
    number = models.PositiveIntegerField(help_text="1 for the first edition of a cycle and year")
    status = models.CharField(max_length=10, default=PROPOSED)
    proposed_by = models.ForeignKey(Deed, models.PROTECT, related_name="calendars_proposed")
    published_by = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="calendars_published")
    published_at = models.DateTimeField(null=True, help_text="instant of publication, as the database recorded it")
    withdrawn_by = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="calendars_withdrawn")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cycle", "year", "number"], name="calendar_edition_once"),
            models.UniqueConstraint(
                fields=["cycle", "year"], condition=Q(status="proposed"), name="calendar_one_proposal"
            ),
            models.CheckConstraint(
                name="calendar_status", condition=Q(status__in=["proposed", "published", "withdrawn"])
            ),
            models.CheckConstraint(
                name="calendar_published_has_deed",
                condition=~Q(status="published") | Q(published_by__isnull=False, published_at__isnull=False),
            ),
        ]
        triggers = [
            never_deleted("calendar_edition"),
            pgtrigger.Protect(
                name="calendar_published_stays",
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__status="proposed"),
            ),
        ]


_STAYS = """
    IF EXISTS (SELECT FROM billing_calendaredition e WHERE e.id = {row}.edition_id AND e.status <> 'proposed') THEN
        RAISE EXCEPTION 'the calendar edition is not a proposal: its dates stay';
    END IF;
    RETURN {row};
"""


class CalendarDate(models.Model):
    """One date of a billing period: the day, how it came about, and who set it, if somebody did."""

    edition = models.ForeignKey(CalendarEdition, models.PROTECT, related_name="dates")
    month = models.DateField(help_text="first day of the month the period is read in")
    kind = models.CharField(max_length=20, help_text="read, bill, due, shutoff, …")
    place = models.PositiveSmallIntegerField(help_text="its place among the period's dates, from 0")
    day = models.DateField()
    rule_day = models.DateField(help_text="the day the policy gives; another than `day` if it was set by hand")
    steps = models.JSONField(help_text="the sentences of its derivation, in order")
    kept = models.JSONField(help_text="its minimums: days asked, days found, since which day, the law")
    document = models.ForeignKey(Document, models.PROTECT, related_name="+", help_text="the policy it follows")
    set_by = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="calendar_dates_set")
    sequence = models.PositiveIntegerField(default=0, help_text="times the day changed since it was first published")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "month", "kind"], name="calendar_date_once"),
            models.CheckConstraint(name="calendar_month_first", condition=Q(month__day=1)),
        ]
        indexes = [models.Index(fields=["kind", "day"])]
        triggers = [
            pgtrigger.Trigger(
                name="calendar_date_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                func=f"{_STAYS.format(row='OLD')}".replace("RETURN OLD", "RETURN COALESCE(NEW, OLD)"),
            ),
            pgtrigger.Trigger(
                name="calendar_date_joins_proposal",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=_STAYS.format(row="NEW"),
            ),
        ]
