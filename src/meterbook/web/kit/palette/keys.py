"""Every key the pages listen to: the keyboard list, the shortcut card and the scripts read this one table."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Key:
    """Keys pressed one after the other (or together, joined by +), what they do, and the name scripts know them by."""

    name: str
    keys: tuple[str, ...]
    words: str | Promise


#: Keys of every page. ``kit.js`` takes the single characters from here, by name; the rest is the browser's own.
EVERYWHERE = (
    Key("find", ("/",), _("Find an account")),
    Key("palette", ("Ctrl+K",), _("Do something: every action by its name")),
    Key("command", (":",), _("Do something by its command code, like :pay 1000017")),
    Key("go", ("g", "…"), _("Go to a section, by its letter")),
    Key("hand", ("g", "h"), _("Go to the account in hand")),
    Key("tab", ("g", "1"), _("Go to the first open account; 2 to the second")),
    Key("close", ("g", "x"), _("Close the account in hand")),
    Key("bell", ("g", "n"), _("What I was told")),
    Key("tasks", ("g", "q"), _("My tasks")),
    Key("down", ("j",), _("Next row")),
    Key("up", ("k",), _("Row before")),
    Key("open", ("Enter",), _("Open the row")),
    Key("before", ("[",), _("Page before")),
    Key("next", ("]",), _("Next page")),
    Key("send", ("Ctrl+Enter",), _("Send the form")),
    Key("leave", ("Esc",), _("Leave the field")),
    Key("keys", ("?",), _("This list")),
)

#: Keys of an account's page; its buttons carry them as ``data-key``, and a test compares.
ON_ACCOUNT = (
    (("v",), _("Verify the caller")),
    (("l",), _("Log a contact")),
    (("c",), _("Copy the balance")),
    (("t",), _("Timeline")),
    (("y",), _("Why is the bill different?")),
    (("p",), _("Print the account")),
)
