"""The keys of a tariff document outside its components: what may stand where, in one line each."""

from __future__ import annotations

from meterbook.engine.quantity import UNITS
from meterbook.engine.rates.language import shapes
from meterbook.engine.rates.language.calendars.rules import TIME_OF_USE
from meterbook.engine.rates.language.expressions import ROUNDINGS
from meterbook.engine.rates.terms import KINDS

COMMODITIES = ("electricity", "water", "sewer", "refuse", "stormwater", "street_lights")

SOURCE = {
    "utility": shapes.Key(shapes.TEXT, "Whose rate it is."),
    "resolution": shapes.Key(shapes.TEXT, "The resolution or ordinance that enacts it."),
    "section": shapes.Key(shapes.TEXT, "The section, schedule or table."),
    "url": shapes.Key(shapes.TEXT, "Where it can be read."),
    "adopted": shapes.Key(shapes.DAY, "The day it was adopted."),
    "note": shapes.optional(shapes.TEXT, "What a reader of the citation should know."),
}
PRORATION = {
    "normal_days": shapes.Key(shapes.WHOLE, "Days of a normal period; other periods are charged by days over these."),
    "tolerance": shapes.Key(shapes.listed(shapes.WHOLE, most=2), "Shortest and longest period that counts as normal."),
    "usage_decimals": shapes.Key(shapes.WHOLE, "Decimals usage is rounded to, half-up, where it is split by days."),
    "tier_decimals": shapes.optional(shapes.WHOLE, "Decimals tier bounds are rounded to after scaling by days (6)."),
    "source": shapes.Key(shapes.TEXT, "The rule, section or manual this follows."),
}
INPUT_KEYS = {
    "kind": shapes.Key(shapes.choice(*KINDS), "How the fact behaves when a bill is split."),
    "unit": shapes.optional(shapes.TEXT, "Its unit, such as ccf, person or USD/ccf."),
    "default": shapes.optional(shapes.AMOUNT, "What stands where a bill does not state it; leave out to refuse."),
    "words": shapes.optional(shapes.BILINGUAL, "What people call it."),
}
BILLED_KEYS = {
    "per": shapes.Key(shapes.NUMBER, "Measured units that make one billed unit, such as 1000 or 748."),
    "rounding": shapes.Key(shapes.choice(*ROUNDINGS), "What becomes of a part of a billed unit."),
    "measured": shapes.optional(shapes.choice(*UNITS), "The unit the meter measures in (the schedule's)."),
}
INPUT_KEYS["billed"] = shapes.optional(
    shapes.record(BILLED_KEYS), "The whole bill's usage is billed in whole units of so many measured ones."
)
SEASON_KEYS = {
    "from": shapes.Key(shapes.TEXT, "First day, MM-DD."),
    "until": shapes.Key(shapes.TEXT, "The day after the last, MM-DD."),
}
CITED = shapes.optional({"anyOf": [shapes.TEXT, shapes.record(SOURCE)]}, "What sets it.")
VALUE_UNIT = shapes.optional(shapes.TEXT, "Its unit, such as ccf or USD/ccf; 1 is a pure number.")
FORMULA_VALUE = {
    "formula": shapes.Key(shapes.AMOUNT, "A number or a formula over inputs and other values."),
    "unit": VALUE_UNIT,
    "source": CITED,
}
BAND = {
    "is": shapes.Key(shapes.AMOUNT, "What the value is in this band; a number or a formula."),
    "up_to": shapes.optional(shapes.NUMBER, "The last number of this band; the last band may have none."),
}
BANDS_VALUE = {
    "of": shapes.Key(shapes.AMOUNT, "The number that chooses the band: an input, a value or a formula."),
    "bands": shapes.Key(shapes.listed(shapes.record(BAND), most=99), "The bands in order."),
    "unit": VALUE_UNIT,
    "source": CITED,
}
TABLE_VALUE = {
    "by": shapes.Key(shapes.listed(shapes.MEASURE, most=6), "The keys it is looked up by, outermost first."),
    "table": shapes.Key({"$ref": "#/$defs/cells"}, "For each key a number, a formula or the table of the next key."),
    "otherwise": shapes.optional(shapes.AMOUNT, "What stands for any other key; leave out to refuse."),
    "unit": VALUE_UNIT,
    "source": CITED,
}
ENVELOPE = {
    "id": shapes.Key(shapes.WORD, "The stable name of the charge; lines, exports and percentages refer to it."),
    "component": shapes.Key(shapes.WORD, "The kind of charge."),
    "label": shapes.Key(shapes.BILINGUAL, "The words printed on the bill."),
    "revenue": shapes.Key(shapes.TEXT, "The general-ledger revenue account."),
    "source": shapes.optional(shapes.record(SOURCE), "Its own citation, where it differs from the version's."),
    "season": shapes.optional(shapes.WORD, "Only the days of this season; 'each' prices season by season."),
    "applies": shapes.optional(shapes.MEASURE, "A condition; where it is false there is no such line."),
    "taxes": shapes.optional(shapes.listed(shapes.WORD, most=20), "Tags by which percentages find this charge."),
}
VERSION = {
    "version": shapes.Key(shapes.TEXT, "The version's name, unique in the schedule."),
    "effective": shapes.Key(shapes.DAY, "The first day it prices."),
    "source": shapes.Key(shapes.record(SOURCE), "What enacts it."),
    "proration": shapes.Key(shapes.record(PRORATION), "How periods that are not normal are charged."),
    "components": shapes.Key(shapes.listed({"$ref": "#/$defs/component"}, most=99), "The charges in print order."),
    "seasons": shapes.optional(shapes.mapped(shapes.record(SEASON_KEYS)), "They cover the year exactly once."),
    "time_of_use": shapes.optional(shapes.record(TIME_OF_USE), "The hours of each period of use, holidays included."),
    "calendars": shapes.optional(
        shapes.mapped(shapes.record(TIME_OF_USE)), "Further hours by name, such as those of demand; periods differ."
    ),
    "inputs": shapes.optional(shapes.mapped(shapes.record(INPUT_KEYS)), "The determinants that formulas use, typed."),
    "values": shapes.optional({"$ref": "#/$defs/values"}, "Named numbers, formulas, tables and bands."),
}
TARIFF = {
    "schedule": shapes.Key(shapes.TEXT, "The schedule's code."),
    "title": shapes.Key(shapes.BILINGUAL, "Its name."),
    "commodity": shapes.Key(shapes.choice(*COMMODITIES), "The service."),
    "unit": shapes.Key(shapes.choice(*UNITS), "The unit of usage."),
    "eligibility": shapes.Key(shapes.BILINGUAL, "Who is served under it."),
    "versions": shapes.Key(shapes.listed({"$ref": "#/$defs/version"}, most=200), "In order of effect."),
    "origin": shapes.optional({"type": "object"}, "What a public format said beyond this language; carried unread."),
}
