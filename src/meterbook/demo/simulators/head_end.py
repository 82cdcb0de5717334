"""A head-end that reads its meters when asked: known from a file, or told to it while it runs.

    GET  /v1/status                     name, version, how many meters
    PUT  /v1/meters/SERIAL              make a meter known, or change it (the JSON of the file)
    POST /v1/meters/SERIAL/ping         does it talk
    POST /v1/meters/SERIAL/read         {"channel": "delivered"}: what it shows now
    POST /v1/meters/SERIAL/connect      501: this head-end switches nothing

A meter: ``serial``, ``registers`` (``channel``, ``unit``, ``decimals``, ``value``, ``at`` the instant it showed that,
``per_day``), ``silent`` (true: it does not talk), ``fault`` (see `serving.Fault`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import ROUND_DOWN, Decimal
from http.server import ThreadingHTTPServer
from typing import Any

from meterbook.demo.simulators.serving import Asked, Clock, Fault, Route, Said, serve

NAME, VERSION = "Alder Bend head-end simulator", "1"
_SECONDS_A_DAY = 86_400


class HeadEndSimulator:
    """The meters it knows and how they behave."""

    def __init__(self, meters: list[dict[str, Any]], *, clock: Clock) -> None:
        self.meters = {str(each["serial"]): dict(each) for each in meters}
        self.faults = {serial: Fault(each.get("fault")) for serial, each in self.meters.items()}
        self.clock = clock
        self.lock = threading.Lock()

    def status(self, asked: Asked) -> Said:
        """That it is there."""
        return Said(200, {"name": NAME, "version": VERSION, "meters": len(self.meters), "now": self._now()})

    def learn(self, asked: Asked) -> Said:
        """Make a meter known or change it."""
        told = asked.json()
        if not isinstance(told, dict):
            return Said(400, {"error": "expected a JSON object"})
        with self.lock:
            known = self.meters.setdefault(asked.found[0], {"serial": asked.found[0], "registers": []})
            known.update(told, serial=asked.found[0])
            self.faults[asked.found[0]] = Fault(known.get("fault"))
        return Said(200, known)

    def ping(self, asked: Asked) -> Said:
        """Whether a meter talks."""
        return self._of(asked, lambda meter: self._talks(meter) or self._here(meter))

    def read(self, asked: Asked) -> Said:
        """What a register shows now."""
        return self._of(asked, lambda meter: self._talks(meter) or self._shown(meter, asked.json()))

    def switch(self, asked: Asked) -> Said:
        """Nothing: the simulator switches no meter, and says so."""
        return Said(501, {"error": "this simulator neither connects nor disconnects"})

    def _of(self, asked: Asked, answer: Callable[[dict[str, Any]], Said]) -> Said:
        with self.lock:
            meter, fault = self.meters.get(asked.found[0]), self.faults.get(asked.found[0])
        if meter is None:
            return Said(404, {"error": f"no meter {asked.found[0]}"})
        struck = fault.strike() if fault else None
        return struck or answer(meter)

    def _talks(self, meter: dict[str, Any]) -> Said | None:
        if not meter.get("silent"):
            return None
        return Said(200, {"serial": meter["serial"], "answered": False, "message": "no answer from the endpoint"})

    def _here(self, meter: dict[str, Any]) -> Said:
        told = {"serial": meter["serial"], "answered": True, "at": self._now(), "message": "signal -83 dBm"}
        return Said(200, told)

    def _shown(self, meter: dict[str, Any], body: Any) -> Said:
        channel = body.get("channel", "delivered") if isinstance(body, dict) else "delivered"
        register = next((each for each in meter["registers"] if each["channel"] == channel), None)
        if register is None:
            return Said(422, {"error": f"meter {meter['serial']} has no channel {channel}"})
        now = self.clock()
        value = Decimal(str(register["value"]))
        if register.get("per_day") and register.get("at"):
            passed = now - datetime.fromisoformat(register["at"])
            seconds = max(0, passed.days * _SECONDS_A_DAY + passed.seconds)
            value += Decimal(str(register["per_day"])) * seconds / _SECONDS_A_DAY
        step = Decimal(1).scaleb(-int(register.get("decimals", 0)))
        return Said(200, {
            "serial": meter["serial"], "answered": True, "at": self._now(), "channel": channel,
            "value": f"{value.quantize(step, ROUND_DOWN):f}", "unit": register.get("unit", ""),
        })  # fmt: skip

    def _now(self) -> str:
        return self.clock().astimezone(UTC).isoformat(timespec="seconds")


def head_end_server(
    meters: list[dict[str, Any]], *, port: int, clock: Clock, token: str = "", host: str = "127.0.0.1"
) -> ThreadingHTTPServer:
    """A server that plays a head-end with these meters; `serve_forever` runs it."""
    played = HeadEndSimulator(meters, clock=clock)
    one = r"/v1/meters/([^/]+)"
    routes: list[Route] = [
        ("GET", "/v1/status", played.status), ("PUT", one, played.learn), ("POST", f"{one}/ping", played.ping),
        ("POST", f"{one}/read", played.read), ("POST", f"{one}/(?:dis)?connect", played.switch),
    ]  # fmt: skip
    return serve(routes, port=port, token=token, host=host)
