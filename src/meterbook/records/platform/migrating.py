"""Founding a database in a fraction of the time: what Django's migrations render again and again is rendered once.

Every constraint, index and trigger added by a migration makes Django build the model anew, with every model related to
it; the hubs (deeds, accounts) are related to nearly all. None of these changes what a column is, so the rendered model
is told of them in place. A new relation builds the models next to it, not everything reachable. The schema that comes
out is the same, statement by statement (`tests/records/platform/test_migrating.py`).
"""

from __future__ import annotations

from typing import Any

import pgtrigger.migrations
from django.db.migrations.state import ProjectState

_STATE: Any = ProjectState
_TRIGGER: Any = pgtrigger.migrations.AddTrigger
#: What Django and pgtrigger do of themselves.
_RELOAD, _APPEND, _ADD = _STATE.reload_model, _STATE._append_option, _TRIGGER.state_forwards


def uninstall() -> None:
    """Back to what Django does of itself, to compare with."""
    _STATE.reload_model, _STATE._append_option, _TRIGGER.state_forwards = _RELOAD, _APPEND, _ADD


def install() -> None:
    """Let every migration of this process run this way; again, it changes nothing."""
    _STATE._append_option = _told_in_place
    _STATE.reload_model = _with_its_neighbours
    _TRIGGER.state_forwards = _with_a_trigger


def _told_in_place(self: Any, app_label: str, model_name: str, option_name: str, obj: Any) -> None:
    options = self.models[app_label, model_name].options
    options[option_name] = [*options[option_name], obj]
    if "apps" in self.__dict__:  # rendered already
        meta = self.apps.get_model(app_label, model_name)._meta
        setattr(meta, option_name, [*getattr(meta, option_name), obj])


def _with_its_neighbours(self: Any, app_label: str, model_name: str, delay: bool = False) -> None:
    _RELOAD(self, app_label, model_name, True)


def _with_a_trigger(self: Any, app_label: str, state: Any) -> None:
    options = state.models[app_label, self.model_name].options
    options["triggers"] = [*options.get("triggers", []), self.trigger]
