"""The hours of a calendar as people read them: by period, the months, the days and the times, in either language."""

from __future__ import annotations

from dataclasses import dataclass

from meterbook.engine.rates.language.calendars.calendar import DAY, HOLIDAY, KINDS, Calendar, combinations

_MONTHS = {
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"),
    "es": ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
           "noviembre", "diciembre"),
}  # fmt: skip
_DAYS = {
    "en": ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays", "holidays"),
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábados", "domingos", "feriados"),
}
_WORDS = {
    "en": {"every": "every day", "week": "Monday to Friday", "end": "Saturdays and Sundays", "all": "all hours",
           "to": "{} to {}", "except": "Monday to Friday except holidays"},
    "es": {"every": "todos los días", "week": "lunes a viernes", "end": "sábados y domingos", "all": "todas las horas",
           "to": "{} a {}", "except": "lunes a viernes salvo feriados"},
}  # fmt: skip
_WEEK, _END = (0, 1, 2, 3, 4), (5, 6)


@dataclass(frozen=True, slots=True)
class Hours:
    """The same hours on several days: of a season ("": of all), months (1 to 12), and kinds of day (places in `KINDS`).

    ``stretches`` are minutes of the day, half-open.
    """

    period: str
    season: str
    months: tuple[int, ...]
    kinds: tuple[int, ...]
    stretches: tuple[tuple[int, int], ...]


def hours_of(calendar: Calendar) -> tuple[Hours, ...]:
    """Every period's hours, days and months of the same hours together, in the calendar's order.

    Holidays are named only where there are any.
    """
    kinds = range(len(KINDS) if calendar.holidays else HOLIDAY)
    found: list[Hours] = []
    for place, period in enumerate(calendar.periods):
        by_days: dict[tuple[str, tuple[int, ...], tuple[tuple[int, int], ...]], list[int]] = {}
        for season, month in combinations(calendar.seasons):
            same: dict[tuple[tuple[int, int], ...], list[int]] = {}
            for kind in kinds:
                stretches = _stretches(calendar, calendar.days[season, month, kind], place)
                if stretches:
                    same.setdefault(stretches, []).append(kind)
            for stretches, days in same.items():
                by_days.setdefault((season, tuple(days), stretches), []).append(month)
        found += [Hours(period, season, tuple(months), days, stretches)
                  for (season, days, stretches), months in by_days.items()]  # fmt: skip
    return tuple(found)


def _stretches(calendar: Calendar, profile: int, period: int) -> tuple[tuple[int, int], ...]:
    one = calendar.profiles[profile]
    ends = (*one.starts[1:], DAY)
    return tuple((start, end) for start, end, place in zip(one.starts, ends, one.periods, strict=True)
                 if place == period)  # fmt: skip


def told(calendar: Calendar, *, language: str = "en") -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Each period's printed words with its hours: ``("Peak", ("summer, Monday to Friday: 12:00 to 18:00",))``."""
    lines: dict[str, list[str]] = {period: [] for period in calendar.periods}
    every = combinations(calendar.seasons)
    for one in hours_of(calendar):
        whole = {month for season, month in every if season == one.season}
        when = [one.season.replace("_", " ")] if one.season else []
        if set(one.months) != whole:
            when.append(_months(one.months, language))
        when.append(_days(one.kinds, bool(calendar.holidays), language))
        lines[one.period].append(f"{', '.join(when)}: {_times(one.stretches, language)}")
    words = {period: calendar.label_of(period) or {} for period in calendar.periods}
    return tuple((words[period].get(language, period.replace("_", " ")), tuple(each)) for period, each in lines.items())


def _times(stretches: tuple[tuple[int, int], ...], language: str) -> str:
    words = _WORDS[language]
    if stretches == ((0, DAY),):
        return words["all"]
    clocks = [(f"{start // 60:02}:{start % 60:02}", f"{end // 60:02}:{end % 60:02}") for start, end in stretches]
    return ", ".join(words["to"].format(*clock) for clock in clocks)


def _days(kinds: tuple[int, ...], holidays: bool, language: str) -> str:
    words, rest = _WORDS[language], list(kinds)
    if len(kinds) == (len(KINDS) if holidays else HOLIDAY):
        return words["every"]
    if kinds == _WEEK and holidays:
        return words["except"]
    found: list[str] = []
    for group, name in ((_WEEK, "week"), (_END, "end")):
        if set(group) <= set(rest):
            found.append(words[name])
            rest = [kind for kind in rest if kind not in group]
    return ", ".join([*found, *(_DAYS[language][kind] for kind in rest)])


def _months(months: tuple[int, ...], language: str) -> str:
    """Months as runs; a run may go on across the new year."""
    runs: list[list[int]] = []
    for month in sorted(months):
        if runs and month == runs[-1][1] + 1:
            runs[-1][1] = month
        else:
            runs.append([month, month])
    if len(runs) > 1 and runs[0][0] == 1 and runs[-1][1] == 12:
        runs[-1][1] = runs.pop(0)[1]
    names, to = _MONTHS[language], _WORDS[language]["to"]
    return ", ".join(names[first - 1] if first == last else to.format(names[first - 1], names[last - 1])
                     for first, last in runs)  # fmt: skip
