"""Invented people: the same live value always gives the same invented one, and nothing leads back.

Everything hangs on a salt that is drawn when the copy is made and forgotten when it is finished. The database computes
with `SQL`, the sweep of free text with the functions here; both give the same names.
"""

from __future__ import annotations

from hashlib import sha256

_BEGIN = "Bel Cor Dan El Fen Gal Hol Il Jun Kel Lor Mar Nev Or Pel Quin Ras Sol Tam Ul Ver Wil Yor Zen"
_END = "a an ara bert do en ette ia ica in ina is ita o ola on ora os ra rin ta to ur us"
_STARTS, _ENDS = _BEGIN.split(), _END.split()
GIVEN = tuple(f"{start}{end}" for start in _STARTS for end in _ENDS[:12])
FAMILY = tuple(f"{start}{middle}{end}" for start in _STARTS for middle in ("do", "mi", "va") for end in _ENDS[12:])
STREETS = tuple(f"{start}{end} Practice Way" for start in _STARTS for end in ("ford", "low", "mere", "wick"))
#: E-mail to this domain reaches nobody, anywhere (RFC 6761).
DOMAIN = "practice.invalid"

SQL = """
CREATE FUNCTION pg_temp.seed(live text) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT ('x' || substr(encode(sha256(convert_to({salt} || lower(live), 'UTF8')), 'hex'), 1, 15))::bit(60)::bigint $$;
CREATE FUNCTION pg_temp.person(live text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN live = '' THEN '' ELSE
        ({given}::text[])[1 + pg_temp.seed(live) % {givens}] || ' ' ||
        ({family}::text[])[1 + pg_temp.seed(live) / {givens} % {families}] END $$;
CREATE FUNCTION pg_temp.phone(live text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN live = '' THEN '' ELSE '(000) ' ||
        lpad((pg_temp.seed(live) % 1000)::text, 3, '0') || '-' ||
        lpad((pg_temp.seed(live) / 1000 % 10000)::text, 4, '0') END $$;
CREATE FUNCTION pg_temp.email(live text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN live = '' THEN '' ELSE 'p' || pg_temp.seed(live) % 1000000000 || '@{domain}' END $$;
CREATE FUNCTION pg_temp.street(live text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN live = '' THEN '' ELSE ({streets}::text[])[1 + pg_temp.seed(live) % {street_count}] END $$;
CREATE FUNCTION pg_temp.house(live text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN live = '' THEN '' ELSE (1 + pg_temp.seed(live) % 99999)::text END $$;
CREATE FUNCTION pg_temp.mail(live jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN live IN ('[]', '{{}}', '""', 'null') THEN live
        ELSE jsonb_build_array(pg_temp.house(live::text) || ' ' || pg_temp.street(live::text), 'Practice') END $$;
CREATE FUNCTION pg_temp.token(live text, longest integer) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN live = '' THEN '' ELSE
        left(encode(sha256(convert_to({salt} || live, 'UTF8')), 'hex'), longest) END $$;
"""


def seed(salt: str, live: str) -> int:
    """The number all that is invented for a live value is drawn by."""
    return int(sha256((salt + live.lower()).encode()).hexdigest()[:15], 16)


def person(salt: str, live: str) -> str:
    """The invented name of somebody.

    >>> person("s", "Ana Belmonte") == person("s", "ana belmonte") != person("t", "Ana Belmonte")
    True
    """
    number = seed(salt, live)
    return f"{GIVEN[number % len(GIVEN)]} {FAMILY[number // len(GIVEN) % len(FAMILY)]}"


def word(salt: str, live: str) -> str:
    """A word in the place of a word of somebody's name."""
    return FAMILY[seed(salt, live) % len(FAMILY)]


def functions(salt: str) -> str:
    """The functions of the session that makes the copy; they and the salt are gone when it ends."""

    def array(names: tuple[str, ...]) -> str:
        return "ARRAY[" + ",".join(f"'{name}'" for name in names) + "]"

    return SQL.format(
        salt=f"'{salt}'", given=array(GIVEN), givens=len(GIVEN), family=array(FAMILY), families=len(FAMILY),
        streets=array(STREETS), street_count=len(STREETS), domain=DOMAIN,
    )  # fmt: skip
