"""How files come, in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

VIA: dict[str, str | Promise] = {"upload": _("Upload"), "folder": _("Watched folder"), "mailbox": _("Mailbox")}
