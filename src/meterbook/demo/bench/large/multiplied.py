"""A city made many times larger by SQL: its people, places, meters, agreements and bills again, under other names.

Founding 400,000 accounts by the product's own operations takes most of an hour. Search and pages ask what is on record,
not how it came there: the copies are written without triggers and keys being checked again, with two services each.
"""

from __future__ import annotations

from django.db import connection, transaction

#: Ids of the first copy begin after those of the city, and so on.
_STEP = 1_000_000
_BEGIN = (
    "ka", "be", "mo", "ri", "su", "ta", "ve", "no", "pe", "lu", "sha", "gre", "fi", "ho", "qui", "dra", "wy", "ja",
    "zo", "cle", "bri", "do", "ma", "ne", "ol", "pra", "re", "sta", "tho", "ul", "va", "wi", "ya", "ze", "al", "cor",
)  # fmt: skip
_START = f"(ARRAY{list(_BEGIN)!r})[k]"
_TAIL = "lpad(k::text, 2, '0')"
_NAME = """
CASE WHEN position(' ' in t.name) = 0 OR t.is_organisation THEN initcap({start} || lower(t.name))
     WHEN t.id % 2 = 0 THEN split_part(t.name, ' ', 1) || ' ' || initcap({start} || lower(split_part(t.name, ' ', 2)))
     ELSE initcap({start} || lower(split_part(t.name, ' ', 1))) || ' ' || split_part(t.name, ' ', 2) END
"""
_MAIL = """
jsonb_set(t.mail_lines, '{{0}}', to_jsonb(CASE WHEN t.mail_lines->>0 LIKE 'PO Box%' THEN (t.mail_lines->>0) || {tail}
    ELSE split_part(t.mail_lines->>0, ' ', 1) || ' ' || initcap({start} || lower(split_part(t.mail_lines->>0, ' ', 2)))
         || ' ' || split_part(t.mail_lines->>0, ' ', 3) END))
"""
_TWO = "t.commodity IN ('electricity', 'water')"
_AT_TWO = f"EXISTS (SELECT FROM places_servicepoint s WHERE s.id = t.service_point_id AND {_TWO.replace('t.', 's.')})"
#: Table, what is written in place of its own columns (`+` is an id moved along), and which rows.
_COPIED: tuple[tuple[str, dict[str, str], str], ...] = (
    ("customers_person", {
        "id": "+", "name": _NAME.format(start=_START),
        "phone": "'(555) ' || (200 + (t.id * 7 + k * 31) % 800) || '-'"
                 " || lpad(((t.id * 7919 + k * 104729) % 10000)::text, 4, '0')",
        "email": f"CASE WHEN t.email = '' THEN '' ELSE {_START} || t.email END",
    }, "true"),
    ("customers_account", {
        "id": "+", "holder_id": "+", "number": f"t.number || {_TAIL}",
        "mail_lines": _MAIL.format(start=_START, tail=_TAIL),
    }, "true"),
    ("customers_accountperson", {"id": "+", "account_id": "+", "person_id": "+"}, "true"),
    ("places_parcel", {"id": "+", "number": f"{_TAIL} || t.number"}, "true"),
    ("places_premise", {
        "id": "+", "parcel_id": "+", "street": f"initcap({_START} || lower(t.street))",
    }, "true"),
    ("places_servicepoint", {
        "id": "+", "premise_id": "+", "water_source_id": "+", "code": f"t.code || '-' || {_TAIL}",
        "sequence": f"t.sequence + k * {_STEP}",
    }, _TWO),
    ("metering_meter", {"id": "+", "serial": f"left(t.serial, 2) || {_TAIL} || substr(t.serial, 3)"}, "true"),
    ("metering_installation", {"id": "+", "meter_id": "+", "service_point_id": "+"}, "true"),
    ("customers_serviceagreement", {"id": "+", "account_id": "+", "service_point_id": "+"}, _AT_TWO),
    ("billing_bill", {
        "id": "+", "account_id": "+",
        "number": f"split_part(t.number, '-', 1) || {_TAIL} || '-' || split_part(t.number, '-', 2)",
    }, "true"),
)  # fmt: skip
_WORDS = """
INSERT INTO {table} (word, keys) SELECT n.word, meterbook_word_keys(n.word)
  FROM (SELECT DISTINCT w.word FROM (SELECT DISTINCT {column} AS text FROM {source}) f,
               LATERAL meterbook_letter_words(f.text) AS w(word)) n ON CONFLICT DO NOTHING
"""


def multiply(copies: int) -> None:
    """Write ``copies`` further ones of everything beside the city in the database we are pointed at."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table, changed, where in _COPIED:
            columns = _columns(table)
            values = ", ".join(_value(column, changed.get(column, "")) for column in columns)
            cursor.execute(
                f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} "
                f"FROM {table} t, generate_series(1, {copies}) k WHERE {where}"
            )
            cursor.execute(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))")
        for table, column, source in (
            ("customers_nameword", "name", "customers_person"), ("places_streetword", "street", "places_premise"),
        ):  # fmt: skip
            cursor.execute(_WORDS.format(table=table, column=column, source=source))


def _value(column: str, how: str) -> str:
    return f"t.{column} + k * {_STEP}" if how == "+" else how or f"t.{column}"


def _columns(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER'"
            " AND identity_generation IS DISTINCT FROM 'ALWAYS' ORDER BY ordinal_position",
            [table],
        )
        return [row[0] for row in cursor.fetchall()]
