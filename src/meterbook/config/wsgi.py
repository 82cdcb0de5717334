"""The web application for a WSGI server (waitress)."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "meterbook.config.settings")
application = get_wsgi_application()
