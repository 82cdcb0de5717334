"""What somebody has to do by when, who took it, who stands in for whom, and what people are told."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from meterbook.records.platform.fields import append_only, has_days, never_deleted, no_overlap, validity
from meterbook.records.platform.models import Deed, User


class Task(models.Model):
    """Something a role or a person has to do by a day; ends done or cancelled, never deleted.

    ``title`` is a sentence kept as message and values, so that everyone reads it in their own language. While a task
    of a ``kind`` about a ``subject`` is open, there is no second one.
    """

    OPEN, CLAIMED, DONE, CANCELLED = "open", "claimed", "done", "cancelled"
    kind = models.CharField(
        max_length=60, help_text="what is to be done, named by the area that asks: contacts.follow_up"
    )
    subject = models.CharField(max_length=200, help_text="what it is about, like account:311")
    title = models.JSONField(help_text="message and values of the sentence")
    role = models.CharField(max_length=40, blank=True, help_text="who may take it; empty: only the person it is for")
    owner = models.ForeignKey(User, models.PROTECT, null=True, related_name="tasks", help_text="who has it in hand")
    due_on = models.DateField()
    state = models.CharField(max_length=9, default=OPEN)
    link_name = models.CharField(max_length=80, blank=True, help_text="name of the page where it is done")
    link_args = models.JSONField(default=list)
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="tasks_opened")
    ended_by = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="tasks_ended")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="task_state",
                condition=Q(state="open", owner__isnull=True, ended_by__isnull=True) & ~Q(role="")
                | Q(state="claimed", owner__isnull=False, ended_by__isnull=True)
                | Q(state__in=["done", "cancelled"], ended_by__isnull=False),
            ),
            models.UniqueConstraint(
                name="task_once_while_open", fields=["kind", "subject"], condition=Q(state__in=["open", "claimed"])
            ),
        ]
        indexes = [
            models.Index(name="task_by_role", fields=["role", "due_on"], condition=Q(state__in=["open", "claimed"])),
            models.Index(name="task_by_owner", fields=["owner", "due_on"], condition=Q(state__in=["open", "claimed"])),
            models.Index(name="task_by_subject", fields=["subject"]),
        ]
        triggers = [
            never_deleted("task"),
            pgtrigger.ReadOnly(name="task_says_what_it_said", fields=["kind", "subject", "title", "deed"]),
            pgtrigger.Protect(
                name="task_ends_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__in=["done", "cancelled"]),
            ),
        ]


class TaskStep(models.Model):
    """What became of a task: opened, claimed, handed over, put back, done, cancelled; by whom, acting for whom."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="steps")
    what = models.CharField(max_length=12)
    to = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", help_text="who has it from now on")
    acting_for = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", help_text="who is away")
    note = models.CharField(max_length=500, blank=True)
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="task_steps")

    class Meta:
        indexes = [models.Index(fields=["task", "id"])]
        triggers = append_only("task_step")


class Delegation(models.Model):
    """Who sees to somebody's tasks while they are away; moves work, never authority (decision 26)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="delegations", help_text="who is away")
    delegate = models.ForeignKey(User, models.PROTECT, related_name="stands_in", help_text="who sees to the tasks")
    validity = validity()
    withdrawn = models.BooleanField(default=False, help_text="called off before it held a day")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="delegations")

    class Meta:
        constraints = [
            has_days("delegation_has_days"),
            models.CheckConstraint(name="delegation_to_somebody_else", condition=~Q(user=F("delegate"))),
            no_overlap("delegation_one_at_a_time", "user_id", where=Q(withdrawn=False)),
        ]
        triggers = [
            never_deleted("delegation"),
            pgtrigger.ReadOnly(name="delegation_between_the_same", fields=["user", "delegate", "deed"]),
        ]


class Notification(models.Model):
    """One thing a person is told, with the page where it stands; marked when they have seen it."""

    user = models.ForeignKey(User, models.PROTECT, related_name="notifications")
    words = models.JSONField(help_text="message and values of the sentence")
    link_name = models.CharField(max_length=80, blank=True)
    link_args = models.JSONField(default=list)
    told_at = models.DateTimeField(db_default=Now())
    seen_at = models.DateTimeField(null=True)
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="notifications")

    class Meta:
        indexes = [
            models.Index(name="notification_unseen", fields=["user", "-id"], condition=Q(seen_at__isnull=True)),
            models.Index(name="notification_of", fields=["user", "-id"]),
        ]
        triggers = [
            never_deleted("notification"),
            pgtrigger.ReadOnly(name="notification_keeps_its_words", fields=["user", "words", "deed"]),
        ]
