"""Addresses of tasks, notifications, the palette and the shortcut card."""

from __future__ import annotations

from django.urls import path

from meterbook.web.tasks import palette, views

urlpatterns = [
    path("tasks/", views.tasks, name="tasks"),
    path("tasks/ask/", views.ask, name="ask_task"),
    path("tasks/<int:task_id>/", views.task, name="task"),
    path("tasks/<int:task_id>/claim/", views.claim, name="claim_task"),
    path("tasks/<int:task_id>/done/", views.finish, name="finish_task"),
    path("tasks/<int:task_id>/back/", views.put_back, name="put_back_task"),
    path("tasks/<int:task_id>/hand-over/", views.hand_over, name="hand_over_task"),
    path("tasks/<int:task_id>/cancel/", views.cancel, name="cancel_task"),
    path("tasks/away/", views.standing_in, name="standing_in"),
    path("tasks/away/new/", views.be_away, name="be_away"),
    path("tasks/away/<int:delegation_id>/end/", views.end_standing_in, name="end_standing_in"),
    path("told/", views.notifications, name="notifications"),
    path("told/see/", views.see, name="see_notifications"),
    path("told/<int:notification_id>/", views.told, name="told"),
    path("do/", palette.palette, name="palette"),
    path("keys/", palette.shortcuts, name="shortcuts"),
    path("open/<str:number>/close/", palette.close_tab, name="close_tab"),
]
