"""A tariff document becomes one frozen `Tariff`, or is refused with every problem named.

A tariff is one rate schedule: its versions in order of effect, each with its citation, its proration rule and its
components in print order. Prices are exact ``Decimal`` dollars per unit.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256

from meterbook.engine.quantity import UNITS
from meterbook.engine.rates import components
from meterbook.engine.rates.document import Field, Problems, TariffError, TariffProblem, read_document
from meterbook.engine.rates.language import shapes
from meterbook.engine.rates.language.amounts import read_formula
from meterbook.engine.rates.language.calendars import Calendar
from meterbook.engine.rates.language.calendars.rules import TIME_OF_USE_NAME, read_calendars
from meterbook.engine.rates.language.expressions import Formula
from meterbook.engine.rates.language.keys import COMMODITIES, ENVELOPE, PRORATION, SOURCE, TARIFF, VERSION
from meterbook.engine.rates.language.seasons import EACH, Season, read_seasons
from meterbook.engine.rates.language.values import Scope, read_inputs, read_scope
from meterbook.engine.rates.terms import Context, Determinant, NotInForce, Settings

__all__ = ["Component", "Proration", "Source", "Tariff", "TariffError", "TariffProblem", "Version", "parse_tariff"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rate is enacted: whose resolution, which section, where it can be read, and when it was adopted."""

    utility: str
    resolution: str
    section: str
    url: str
    adopted: date
    note: str = ""


@dataclass(frozen=True, slots=True)
class Proration:
    """How a period that is not normal is charged.

    A period of ``shortest`` to ``longest`` days counts as one normal period; any other is charged by its days over
    ``normal_days``. Usage split at a rate change is rounded half-up to ``usage_decimals``, tier bounds that were
    scaled to ``tier_decimals``.
    """

    normal_days: int
    shortest: int
    longest: int
    usage_decimals: int
    tier_decimals: int
    source: str


@dataclass(frozen=True, slots=True)
class Component:
    """One charge of a version: a stable ``id``, the kind (``keyword``), the printed label and the GL account.

    ``season`` limits it to the days of a season (`EACH`: priced season by season), ``applies`` is the truth on which
    it stands at all, ``taxes`` are the tags by which percentages find it. ``facts`` are the determinants its formulas
    rest on, ``decides`` the names of those the condition rests on; ``reads_exact``: they read unrounded lines.
    """

    id: str
    keyword: str
    label: dict[str, str]
    revenue: str
    source: Source | None
    settings: Settings
    season: str | None = None
    applies: Formula | None = None
    taxes: tuple[str, ...] = ()
    facts: tuple[Determinant, ...] = ()
    reads_exact: bool = False
    decides: frozenset[str] = frozenset()

    def determinants(self) -> tuple[Determinant, ...]:
        """Every fact this charge needs of a bill; those beyond its condition, of bills that meet it."""
        found = (*self.settings.determinants(), *self.facts)
        if self.applies is None:
            return found
        return tuple(one if one.name in self.decides else replace(one, conditional=True) for one in found)


@dataclass(frozen=True, slots=True)
class Version:
    """The rates in force from ``effective`` until the next version takes effect.

    ``scope`` holds the inputs and named values of its formulas, ``calendars`` the hours of use by name.
    """

    version: str
    effective: date
    source: Source
    proration: Proration
    components: tuple[Component, ...]
    seasons: tuple[Season, ...] = ()
    scope: Scope = field(default_factory=Scope)
    calendars: Mapping[str, Calendar] = field(default_factory=dict)

    @property
    def time_of_use(self) -> Calendar | None:
        """The hours of its periods of use."""
        return self.calendars.get(TIME_OF_USE_NAME)

    @property
    def reads_exact(self) -> bool:
        """Whether any formula reads an unrounded line."""
        return any(component.reads_exact for component in self.components)

    def component(self, component: str) -> Component:
        """The component with that id; raise ``KeyError`` if there is none."""
        for candidate in self.components:
            if candidate.id == component:
                return candidate
        raise KeyError(component)


@dataclass(frozen=True, eq=False)
class Tariff:
    """One rate schedule with all its versions. Equal, and hashed, by the digest of its text."""

    schedule: str
    title: dict[str, str]
    commodity: str
    unit: str
    eligibility: dict[str, str]
    versions: tuple[Version, ...]
    file: str
    digest: str

    def __hash__(self) -> int:
        return hash(self.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Tariff) and other.digest == self.digest

    @property
    def measured_unit(self) -> str:
        """The unit metered usage is stated in: the schedule's, unless its latest version bills it in whole others."""
        usage = self.versions[-1].scope.inputs.get("usage")
        return self.unit if usage is None or usage.billed is None else usage.billed.measured or self.unit

    def version_at(self, day: date) -> Version:
        """The version in force on a day; raise `NotInForce` before the first."""
        at = bisect_right([version.effective for version in self.versions], day)
        if at == 0:
            raise NotInForce(schedule=self.schedule, day=day, first=self.versions[0].effective)
        return self.versions[at - 1]

    def required_determinants(self, version: Version | None = None) -> tuple[Determinant, ...]:
        """The facts a bill needs, once each in order of first use: of one version, or of all."""
        found: dict[str, Determinant] = {}
        for one in self.versions if version is None else (version,):
            for component in one.components:
                for determinant in component.determinants():
                    earlier = found.get(determinant.name)
                    if earlier is None or _asked(determinant) > _asked(earlier):
                        found[determinant.name] = determinant
        return tuple(found.values())


def _asked(determinant: Determinant) -> int:
    """How strongly a fact is asked for: of every bill, of some, of none."""
    return 0 if determinant.optional else 1 if determinant.conditional else 2


#: What names a version: it stands in addresses, file names and sentences.
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._ -]{0,38}[A-Za-z0-9._-])?")
_URL = re.compile(r"https?://[^\s<>\"]+|[^:<>\"]+", re.IGNORECASE)


def addressed(url: str) -> bool:
    """Whether a citation may hold this as its address.

    >>> addressed("https://example.org/a"), addressed("not stated"), addressed("javascript:alert(1)")
    (True, True, False)
    """
    return _URL.fullmatch(url) is not None


def _url(field: Field) -> str:
    """An address on the web, or words that say why there is none: never something that a link would execute."""
    url = field.text()
    if not addressed(url):
        field.refuse(expected="an address that begins with http:// or https://, or words without a colon")
    return url


def _name(field: Field) -> str:
    name = field.text()
    if name != "?" and not _NAME.fullmatch(name):
        field.refuse(expected="a name of at most 40 letters, digits, spaces and . _ - with a letter or digit first")
    return name


def _source(field: Field) -> Source:
    entries = field.entries(*shapes.names(SOURCE))
    note = entries["note"].text() if "note" in entries else ""
    return Source(utility=entries["utility"].text(), resolution=entries["resolution"].text(),
                  section=entries["section"].text(), url=_url(entries["url"]), adopted=entries["adopted"].day(),
                  note=note)  # fmt: skip


def _proration(field: Field) -> Proration:
    entries = field.entries(*shapes.names(PRORATION))
    normal = entries["normal_days"].whole(low=1, high=366)
    bounds = entries["tolerance"].items(most=2)
    limits = [bound.whole(low=1, high=366) for bound in bounds]
    if bounds and (len(limits) != 2 or not limits[0] <= normal <= limits[1]):
        entries["tolerance"].refuse(expected=f"[shortest, longest] days around normal_days {normal}",
                                    found=str(limits))  # fmt: skip
    if len(limits) != 2:
        limits = [normal, normal]
    tiers = entries["tier_decimals"].whole(low=0, high=6) if "tier_decimals" in entries else 6
    return Proration(normal_days=normal, shortest=limits[0], longest=limits[1],
                     usage_decimals=entries["usage_decimals"].whole(low=0, high=6), tier_decimals=tiers,
                     source=entries["source"].text())  # fmt: skip


_ENVELOPE = shapes.names(ENVELOPE)


def _tags(field: Field | None) -> tuple[str, ...]:
    if field is None:
        return ()
    found = []
    for tag in field.items(most=20):
        found.append(tag.word(expected="a tag: a lower-case word (letters, digits, underscore)"))
        if found[-1] == "all":
            tag.refuse(expected="another tag: 'all' stands for every earlier component")
    return tuple(found)


def _component(field: Field, context: Context, seasons: tuple[Season, ...]) -> Component:
    entries = dict(field.pairs())
    known = components.keywords()
    named = entries["component"].node if "component" in entries else None
    keyword = str(named.value) if named is not None else ""
    own = components.fields(keyword) if keyword in known else None
    required, optional = _ENVELOPE
    if own is None:
        entries = field.entries(required, tuple(key for key in entries if key not in required))
        entries["component"].choice(*known)
    else:
        entries = field.entries((*required, *own[0]), (*optional, *own[1]))
    identity = entries["id"].word()
    if identity in context.earlier:
        entries["id"].refuse(expected="an id used once in this version")
    season: str | None = None
    if "season" in entries and own is not None:
        season = entries["season"].choice(EACH, *(one.name for one in seasons))
        if not seasons:
            entries["season"].refuse(expected="no season: this version has no 'seasons'")
        context = replace(context, season=season)
    source = _source(entries["source"]) if "source" in entries else None
    label, revenue = entries["label"].bilingual(), entries["revenue"].text()
    settings = components.read(keyword, field, entries, context) if own is not None else Settings()
    applies = read_formula(entries["applies"], context, sort="truth") if own and "applies" in entries else None
    return Component(
        id=identity,
        keyword=keyword,
        label=label,
        revenue=revenue,
        source=source,
        settings=settings,
        season=season,
        applies=applies,
        taxes=_tags(entries.get("taxes")),
        facts=context.scope.determinants(context.names),
        reads_exact=bool(context.exact),
        decides=frozenset(context.scope.reached(applies.names)) if applies is not None else frozenset(),
    )


def _one_kind(place: Field, component: Component, keys: dict[str, bool], declared: Mapping[str, object]) -> None:
    """Refuse a determinant that is a key here and a number elsewhere; ``keys`` gathers what each is.

    Those that are ``declared`` were compared with what their inputs say.
    """
    for one in component.determinants():
        if one.name not in declared and keys.setdefault(one.name, one.kind == "key") != (one.kind == "key"):
            found = f"the determinant {one.name} as a key and as a number"
            place.refuse(found=found, expected="another name for one of them")


def _version(field: Field, first: date | None) -> Version:
    entries = field.entries(*shapes.names(VERSION))
    effective = entries["effective"].day()
    seasons = read_seasons(entries["seasons"]) if "seasons" in entries else ()
    inputs = read_inputs(entries["inputs"]) if "inputs" in entries else {}
    scope = read_scope(inputs, entries.get("values"), seasons=tuple(one.name for one in seasons))
    calendars = read_calendars(entries.get("time_of_use"), entries.get("calendars"), seasons)
    found: list[Component] = []
    types, keys = scope.types(), dict[str, bool]()
    for place in entries["components"].items(most=99):
        context = Context(
            effective=effective,
            first_effective=first or effective,
            earlier=tuple(component.id for component in found),
            scope=scope,
            types=types,
            tags={component.id: component.taxes for component in found},
            calendars=calendars,
            undivided=frozenset(component.id for component in found if component.settings.undivided),
        )
        found.append(_component(place, context, seasons))
        _one_kind(place, found[-1], keys, inputs)
    return Version(
        version=_name(entries["version"]),
        effective=effective,
        source=_source(entries["source"]),
        proration=_proration(entries["proration"]),
        components=tuple(found),
        seasons=seasons,
        scope=scope,
        calendars=calendars,
    )


def _versions(field: Field) -> tuple[Version, ...]:
    found: list[Version] = []
    for place in field.items(most=200):
        version = _version(place, found[0].effective if found else None)
        entries = dict(place.pairs()) if place.node is not None else {}
        if found and version.effective <= found[-1].effective and "effective" in entries:
            entries["effective"].refuse(expected=f"a date after {found[-1].effective}, the version before")
        if any(version.version == other.version for other in found) and "version" in entries:
            entries["version"].refuse(expected="a version named once in this schedule")
        found.append(version)
    return _settled_alike(found)


def _settled_alike(versions: list[Version]) -> tuple[Version, ...]:
    """What looks at a whole bill in one version does so in all: a bill that is cut between them is settled once."""
    whole = {one.id for version in versions for one in version.components if one.settings.settles_whole}
    return tuple(
        replace(version, components=tuple(
            replace(one, settings=one.settings.settled_whole()) if one.id in whole else one
            for one in version.components
        ))
        for version in versions
    )  # fmt: skip


def _unique(problems: Problems) -> list[TariffProblem]:
    """The problems in order of line, each once (a mapping may have been read twice)."""
    return sorted(dict.fromkeys(problems.found), key=lambda problem: problem.line)


def parse_tariff(text: str, *, file: str) -> Tariff:
    """Read one tariff document; raise `TariffError` with all its problems (file, line, path, found, expected).

    ``file`` is only a name for messages: nothing is opened.
    """
    root = read_document(text, file=file)
    entries = root.entries(*shapes.names(TARIFF))
    tariff = Tariff(
        schedule=entries["schedule"].text(),
        title=entries["title"].bilingual(),
        commodity=entries["commodity"].choice(*COMMODITIES),
        unit=entries["unit"].choice(*UNITS),
        eligibility=entries["eligibility"].bilingual(),
        versions=_versions(entries["versions"]),
        file=file,
        digest=sha256(text.encode()).hexdigest(),
    )
    if "origin" in entries and not entries["origin"].is_mapping():
        entries["origin"].refuse(expected="a mapping")
    if root.problems.found:
        raise TariffError(_unique(root.problems))
    return tariff
