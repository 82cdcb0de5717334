"""Times of a file (YYYYMMDDhhmm) to instants in UTC."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

_STAMP = re.compile(r"[0-9]{12}", re.ASCII)


class Clock:
    """The clock the sender's times were read from; remembers what it read, since every meter repeats the same times.

    >>> clock = Clock("America/Los_Angeles")
    >>> [moment.hour for moment in clock.instants("202611010130")]
    [8, 9]
    >>> Clock("UTC").instants("202602300000")
    ()
    """

    def __init__(self, timezone: str) -> None:
        self._zone = ZoneInfo(timezone)
        self._known: dict[str, tuple[dt.datetime, ...]] = {}

    def instants(self, text: str) -> tuple[dt.datetime, ...]:
        """What `text` may mean: nothing when it is no time, two instants in the hour that happens twice."""
        if text not in self._known:
            self._known[text] = self._read(text)
        return self._known[text]

    def instant(self, text: str, *, after: dt.datetime | None, step: dt.timedelta | None) -> dt.datetime | None:
        """The instant meant by `text`: of two, the one `step` behind `after`, else the first that is later."""
        found = self.instants(text)
        if len(found) == 2 and after is not None:
            wanted = None if step is None else after + step
            return wanted if wanted in found else next((each for each in found if each > after), found[0])
        return found[0] if found else None

    def _read(self, text: str) -> tuple[dt.datetime, ...]:
        if not _STAMP.fullmatch(text):
            return ()
        parts = (text[:4], text[4:6], text[6:8], text[8:10], text[10:])
        try:
            year, month, day, hour, minute = map(int, parts)
            # 2400 ends a day in some files.
            late = dt.timedelta(days=1) if (hour, minute) == (24, 0) else dt.timedelta()
            naive = dt.datetime(year, month, day, 0 if late else hour, minute) + late  # noqa: DTZ001
            both = [naive.replace(tzinfo=self._zone, fold=fold).astimezone(dt.UTC) for fold in (0, 1)]
        except (ValueError, OverflowError):
            return ()
        real = [each for each in both if each.astimezone(self._zone).replace(tzinfo=None, fold=0) == naive]
        return tuple(dict.fromkeys(real))
