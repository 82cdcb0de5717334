"""Addresses of the pages of the library."""

from __future__ import annotations

from django.urls import path

from meterbook.web.library import keeping, knowledge, views

urlpatterns = [
    path("library/", knowledge.library, name="library"),
    path("library/new/", knowledge.write, name="new_article"),
    path("library/drafts/<int:version_id>/", knowledge.draft, name="article_draft"),
    path("library/retention/", keeping.retention, name="retention"),
    path("library/retention/<int:list_id>/", keeping.destruction_list, name="destruction_list"),
    path("library/articles/<slug:code>/", knowledge.article, name="article"),
    path("library/articles/<slug:code>/write/", knowledge.write, name="write_article"),
    path("registers/", views.registers, name="registers"),
    path("registers/new/", views.open_register, name="open_register"),
    path("registers/<str:code>/", views.register, name="register"),
    path("registers/<str:code>/fields/", views.change_register, name="change_register"),
    path("registers/<str:code>/new/", views.new_entry, name="new_register_entry"),
    path("registers/<str:code>/<int:entry_id>/", views.entry, name="register_entry"),
    path("registers/<str:code>/<int:entry_id>/change/", views.change_entry, name="change_register_entry"),
    path("registers/<str:code>/<int:entry_id>/end/", views.end_entry, name="end_register_entry"),
    path("registers/<str:code>/<int:entry_id>/attach/", views.attach, name="attach_register_entry"),
    path("registers/<str:code>/<int:entry_id>/files/<int:file_id>/", views.file, name="register_file"),
]
