"""Hours of use: rules and schedules divide every day exactly once, holidays are kept where the tariff says."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meterbook.engine.rates.book import rate_book
from meterbook.engine.rates.check import split_example
from meterbook.engine.rates.document import TariffError, read_document
from meterbook.engine.rates.language.calendars import Calendar
from meterbook.engine.rates.language.calendars.rules import read_calendars
from meterbook.engine.rates.language.calendars.told import hours_of, told
from meterbook.engine.rates.language.seasons import read_seasons
from meterbook.engine.rates.tariff import parse_tariff

ROOT = Path(__file__).resolve().parents[3]

A6 = """\
seasons:
  summer: {from: "05-01", until: "11-01"}
  winter: {from: "11-01", until: "05-01"}
time_of_use:
  source: Schedule A-6, sheet 3
  holidays:
    new_year: "01-01"
    presidents_day: third monday of february
    memorial_day: last monday of may
    independence_day: "07-04"
    labor_day: first monday of september
    veterans_day: "11-11"
    thanksgiving: fourth thursday of november
    day_after: fourth thursday of november + 1 day
    christmas: "12-25"
  observed: {saturday: friday, sunday: monday}
  periods:
    peak:
      label: {en: Peak, es: Punta}
      when: [{seasons: [summer], days: [weekdays], from: "12:00", until: "18:00"}]
    part_peak:
      when:
        - {seasons: [summer], days: [weekdays], from: "08:30", until: "12:00"}
        - {seasons: [summer], days: [weekdays], from: "18:00", until: "21:30"}
        - {seasons: [winter], days: [weekdays], from: "08:30", until: "21:30"}
    off_peak: {otherwise: true}
"""


def calendars(text: str) -> dict[str, Calendar]:
    root = read_document(text, file="hours.yaml")
    entries = dict(root.pairs())
    seasons = read_seasons(entries["seasons"]) if "seasons" in entries else ()
    found = read_calendars(entries.get("time_of_use"), entries.get("calendars"), seasons)
    if root.problems.found:
        raise TariffError(root.problems.found)
    return found


@pytest.fixture(scope="module")
def a6() -> Calendar:
    return calendars(A6)["time_of_use"]


@pytest.mark.parametrize(
    ("day", "hour", "period"),
    [
        (date(2024, 7, 3), "12:00", "peak"),
        (date(2024, 7, 3), "17:59", "peak"),
        (date(2024, 7, 3), "18:00", "part_peak"),
        (date(2024, 7, 3), "08:29", "off_peak"),
        (date(2024, 7, 3), "08:30", "part_peak"),
        (date(2024, 7, 4), "13:00", "off_peak"),
        (date(2024, 7, 6), "13:00", "off_peak"),
        (date(2024, 10, 31), "13:00", "peak"),
        (date(2024, 11, 1), "13:00", "part_peak"),
        (date(2024, 2, 29), "13:00", "part_peak"),
    ],
)
def test_hours_of_a_published_schedule(a6: Calendar, day: date, hour: str, period: str) -> None:
    assert a6.period_at(day, int(hour[:2]) * 60 + int(hour[3:])) == period


def test_holidays_and_the_days_they_move_to(a6: Calendar) -> None:
    assert sorted(a6.holidays_of(2021)) == [
        date(2021, 1, 1), date(2021, 2, 15), date(2021, 5, 31), date(2021, 7, 5), date(2021, 9, 6), date(2021, 11, 11),
        date(2021, 11, 25), date(2021, 11, 26), date(2021, 12, 24), date(2021, 12, 31),
    ]  # fmt: skip
    assert date(2022, 1, 1) not in a6.holidays_of(2022)
    assert date(2022, 12, 26) in a6.holidays_of(2022)


def test_hours_across_midnight_are_both_ends_of_the_same_day() -> None:
    text = """\
time_of_use:
  source: s
  periods:
    night: {when: [{days: weekdays, from: "22:00", until: "06:00"}]}
    day: {otherwise: true}
"""
    night = calendars(text)["time_of_use"]
    friday = date(2024, 7, 5)
    assert [night.period_at(friday, hour * 60) for hour in (0, 5, 6, 21, 22, 23)] == [
        "night", "night", "day", "day", "night", "night"]  # fmt: skip
    assert night.period_at(friday + timedelta(days=1), 60) == "day"


def schedule(weekdays: list[list[str]], weekends: list[list[str]], names: list[str]) -> str:
    def rows(table: list[list[str]]) -> str:
        return "".join(f"\n      - {' '.join(row)}" for row in table)

    periods = "".join(f"\n    {name}: {{}}" for name in names)
    return (f"time_of_use:\n  source: s\n  periods:{periods}\n  schedule:\n    weekdays:{rows(weekdays)}\n"
            f"    weekends:{rows(weekends)}\n")  # fmt: skip


tables = st.lists(st.lists(st.integers(0, 35), min_size=24, max_size=24), min_size=12, max_size=12)


@given(weekdays=tables, weekends=tables, day=st.dates(date(2018, 1, 1), date(2028, 12, 31)), hour=st.integers(0, 23))
def test_a_schedule_of_months_by_hours_says_what_it_says(
    weekdays: list[list[int]], weekends: list[list[int]], day: date, hour: int
) -> None:
    names = [f"p{at}" for at in range(36)]
    texts = [[[names[at] for at in row] for row in table] for table in (weekdays, weekends)]
    calendar = calendars(schedule(texts[0], texts[1], names))["time_of_use"]
    table = weekdays if day.weekday() < 5 else weekends
    assert calendar.period_at(day, hour * 60) == names[table[day.month - 1][hour]]


def test_rows_may_count_hours() -> None:
    text = schedule([["off*7", "on*10", "off*7"]] * 12, [["off*24"]] * 12, ["off", "on"])
    calendar = calendars(text)["time_of_use"]
    assert [calendar.period_at(date(2024, 7, 3), 60 * hour) for hour in (6, 7, 16, 17)] == ["off", "on", "on", "off"]


HEAD = "time_of_use:\n  source: s\n  periods:\n"
REFUSED = {
    "overlap": (
        HEAD + '    a: {when: [{from: "06:00", until: "12:00"}]}\n    b: {when: [{from: "11:00", until: "13:00"}]}\n'
        "    c: {otherwise: true}\n",
        "hours.yaml:5: time_of_use.periods.b.when[0]: found 11:00 on monday of month 1 again, which a has",
    ),
    "gap": (
        HEAD + '    a: {when: [{from: "06:00", until: "12:00"}]}\n    b: {when: [{from: "12:00", until: "23:00"}]}\n',
        "hours.yaml:4: time_of_use.periods: found no period at 00:00 on monday of month 1",
    ),
    "two rests": (HEAD + "    a: {otherwise: true}\n    b: {otherwise: true}\n", "one such period; a is it already"),
    "no hours": (HEAD + "    a: {otherwise: true}\n    b: {}\n", "found no hours, expected 'when'"),
    "no source": ("time_of_use:\n  periods:\n    a: {otherwise: true}\n", "expected the key 'source'"),
    "wrong time": (HEAD + '    a: {when: [{from: "24:00", until: "25:00"}]}\n', "expected a time from 00:00 to 23:59"),
    "half of a stretch": (HEAD + '    a: {when: [{from: "22:00"}]}\n    b: {otherwise: true}\n', "both, or neither"),
    "season": (HEAD + "    a: {when: [{seasons: [wet]}]}\n", "this version has none"),
    "day": (HEAD + "    a: {when: [{days: [funday]}]}\n", "expected one of weekdays, weekends, holidays"),
    "holidays": (
        HEAD + "    a: {when: [{days: [holidays]}]}\n    b: {otherwise: true}\n", "hours of holidays, but no holidays"),
    "no such day": (HEAD + "    a: {otherwise: true}\n  holidays: {x: 02-30}\n", "a month and day MM-DD"),
    "words": (HEAD + "    a: {otherwise: true}\n  holidays: {x: fifth monday of may}\n", "last monday of may"),
    "rows": (schedule([["a*24"]] * 11, [["a*24"]] * 12, ["a"]), "found 11 rows, expected 12 rows"),
    "hours": (schedule([["a*23"]] + [["a*24"]] * 11, [["a*24"]] * 12, ["a"]), "found 23 hours, expected 24 hours"),
    "name": (schedule([["b*24"]] * 12, [["a*24"]] * 12, ["a"]), "the name of a period"),
    "rules and schedule": (
        schedule([["a*24"]] * 12, [["a*24"]] * 12, ["a"]).replace("a: {}", "a: {otherwise: true}"), "no rules beside"),
    "the same period twice": (
        HEAD + "    a: {otherwise: true}\ncalendars:\n  demand: {source: s, periods: {a: {otherwise: true}}}\n",
        "the period a, which time_of_use has"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED.keys())
def test_what_does_not_divide_every_day_is_refused(case: tuple[str, str]) -> None:
    text, words = case
    with pytest.raises(TariffError) as refused:
        calendars(text)
    assert words in str(refused.value)


def test_the_hours_in_words(a6: Calendar) -> None:
    assert told(a6) == (
        ("Peak", ("summer, Monday to Friday except holidays: 12:00 to 18:00",)),
        ("part peak", ("winter, Monday to Friday except holidays: 08:30 to 21:30",
                       "summer, Monday to Friday except holidays: 08:30 to 12:00, 18:00 to 21:30")),
        ("off peak", ("winter, Monday to Friday except holidays: 00:00 to 08:30, 21:30 to 24:00",
                      "winter, Saturdays and Sundays, holidays: all hours",
                      "summer, Monday to Friday except holidays: 00:00 to 08:30, 21:30 to 24:00",
                      "summer, Saturdays and Sundays, holidays: all hours")),
    )  # fmt: skip
    assert told(a6, language="es")[0] == ("Punta", ("summer, lunes a viernes salvo feriados: 12:00 a 18:00",))


def test_months_in_words() -> None:
    winter = ["cold*24"] * 4 + ["mild*10 cold*14"] * 6 + ["cold*24"] * 2
    text = schedule([[row] for row in winter], [[row] for row in winter], ["mild", "cold"])
    assert told(calendars(text)["time_of_use"], language="es") == (
        ("mild", ("mayo a octubre, todos los días: 00:00 a 10:00",)),
        (
            "cold",
            ("noviembre a abril, todos los días: todas las horas", "mayo a octubre, todos los días: 10:00 a 24:00"),
        ),
    )


@given(weekdays=tables, weekends=tables)
def test_the_words_cover_every_hour_once(weekdays: list[list[int]], weekends: list[list[int]]) -> None:
    names = [f"p{at}" for at in range(36)]
    texts = [[[names[at] for at in row] for row in table] for table in (weekdays, weekends)]
    minutes = [
        (month, kind, minute)
        for one in hours_of(calendars(schedule(texts[0], texts[1], names))["time_of_use"])
        for month in one.months
        for kind in one.kinds
        for start, end in one.stretches
        for minute in range(start, end, 60)
    ]
    assert len(minutes) == len(set(minutes)) == 12 * 7 * 24


def test_the_rate_book_tells_the_hours() -> None:
    text = Path("src/meterbook/engine/rates/components/time_of_use/cases.yaml")
    tariff = parse_tariff(split_example((ROOT / text).read_text())[0], file="tou.yaml")
    (latest, blocks, first) = rate_book(tariff, language="es").versions
    assert blocks.hours[0] == ("Día", ("lunes a viernes: 07:00 a 22:00",))
    assert first.hours[0] == ("punta de verano", ("summer, lunes a viernes salvo feriados: 12:00 a 18:00",))
    assert [period for period, _ in latest.hours] == ["low", "high"]
