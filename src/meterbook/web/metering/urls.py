"""Addresses of the read-file pages."""

from __future__ import annotations

from django.urls import path

from meterbook.web.metering import views
from meterbook.web.metering.field.urls import urlpatterns as field
from meterbook.web.metering.hub.urls import urlpatterns as hub
from meterbook.web.metering.keying.urls import urlpatterns as keying
from meterbook.web.metering.queue.urls import urlpatterns as queue
from meterbook.web.metering.readers.urls import urlpatterns as readers

urlpatterns = [
    path("reads/", views.reads, name="reads"),
    path("reads/import/", views.import_page, name="import_reads"),
    path("reads/corrections/", views.corrections, name="corrections"),
    path("reads/files/<int:batch_id>/", views.read_batch, name="read_batch"),
    *field,
    *hub,
    *keying,
    *queue,
    *readers,
]
