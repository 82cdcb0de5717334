"""What becomes of every column that holds text: kept because it is a code, invented anew, or blanked.

What nobody classified is blanked: an area that adds a column tomorrow leaks nothing. What is kept is read through
afterwards, word by word (`sweeping`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

#: Emptied: sessions, sign-in secrets, what waits to be sent, who looked at whom, dictionaries of live words.
EMPTIED = (
    "django_session", "mfa_authenticator", "account_emailaddress", "account_emailconfirmation", "procrastinate_events",
    "procrastinate_periodic_defers", "procrastinate_jobs", "contacts_viewing", "contacts_contactdraft",
    "customers_nameword", "places_streetword",
)  # fmt: skip
#: Tables without people: rates, policies, the chart, calendars, the program's own.
PUBLIC = (
    "django_content_type", "django_migrations", "auth_", "rates_", "platform_document", "platform_accountingperiod",
    "platform_businessclock", "platform_utility", "ledger_ledgeraccount", "billing_calendar", "places_cycle",
    "places_determinantkind", "metering_register", "correspondence_lettertemplate", "correspondence_templateversion",
    "service_orders_crew", "platform_rolegrant", "procrastinate_", "pghistory_",
)  # fmt: skip
#: Invented by column, whatever the table: SQL over the live value ``{0}``.
INVENTED = {
    "phone": "pg_temp.phone({0})", "email": "pg_temp.email({0})", "street": "pg_temp.street({0})",
    "mail_lines": "pg_temp.mail({0})", "lines": "pg_temp.mail({0})", "mail": "pg_temp.mail({0})",
    "owner_name": "pg_temp.person({0})", "payer": "pg_temp.person({0})", "payee": "pg_temp.person({0})",
    "claimant": "pg_temp.person({0})", "applicant": "pg_temp.person({0})", "signer": "pg_temp.person({0})",
    "counterparty": "pg_temp.person({0})", "authorised_by": "pg_temp.person({0})", "told_by": "pg_temp.person({0})",
    "first_name": "split_part(pg_temp.person({0} || id), ' ', 1)",
    "last_name": "split_part(pg_temp.person({0} || id), ' ', 2)",
    "street_number": "pg_temp.house({0} || street)", "unit_number": "''",
    "promised_by": "pg_temp.person({0})", "reached": "pg_temp.person({0})", "said_by": "pg_temp.person({0})",
}  # fmt: skip
#: Invented in one table, where the name of the column says too little.
NAMES = {
    ("customers_person", "name"), ("customers_personevent", "name"), ("autopay_enrolment", "name"),
    ("moves_formername", "name"), ("moves_formernameevent", "name"), ("new_service_quote", "name"),
    ("new_service_quoteevent", "name"), ("refunds_unclaimed", "owner"), ("billing_summarygroup", "name"),
    ("programs_netmeteringgroup", "name"), ("programs_netmeteringgroupevent", "name"),
}  # fmt: skip
#: Columns whose words are codes of the program, numbers of the office's papers, or printed labels.
_CODES = (
    "kind state status code number role service commodity key_kind source source_kind format channel direction outcome "
    "words_en words_es title title_en title_es rule name unit component version pgh_label action what item effect "
    "measure test cause scope side category basis basis_kind option formula method decision answer ground method part "
    "language premise_class connection size manufacturer model serial endpoint lot region city postal_code cycle "
    "field found_sha256 sha256 inputs_sha256 code_sha256 figures_sha256 token_sha256 digest "
    "mapping_sha256 ours_sha256 "
    "agency fund field_kind how origin identity_kind station tender for_service account_type sec validation via "
    "pattern "
    "timezone deposit_class standing waiver legal_kind topic team reach page revision cut danger resolution location "
    "trace newspaper fiscal_year programme program aid every link_name subject written_account "
    "subject_kind id_modifier "
    "against hold continues"
)
CODES = frozenset(_CODES.split())


@dataclass(frozen=True, slots=True)
class Column:
    """One column with text: what it is called, of which type, how long, and whether a constraint speaks of it."""

    table: str
    name: str
    type: str
    longest: int
    unique: bool
    checked: bool
    nullable: bool

    @property
    def public(self) -> bool:
        """Whether its table holds nobody."""
        return self.table.startswith(PUBLIC)

    @property
    def kept(self) -> bool:
        """Whether it stays, to be read through."""
        if self.public:
            return True
        if self.invented:
            return False
        return self.name in CODES or self.type == "jsonb" or self.checked

    @property
    def invented(self) -> str:
        """The SQL that invents it, or nothing."""
        if (self.table, self.name) in NAMES:
            return "pg_temp.person({0})"
        if self.table.startswith(("places_parcel",)) and self.name in ("number", "legal"):
            return f"pg_temp.token({{0}}, {min(self.longest, 12)})"
        if self.name == "unit" and self.table.startswith(("places_premise", "new_service_permit")):
            return "''"
        if self.name == "parcel_number":
            return f"pg_temp.token({{0}}, {min(self.longest, 12)})"
        return "" if self.public else INVENTED.get(self.name, "")

    @property
    def becomes(self) -> str:
        """The SQL of its new value."""
        quoted = f'"{self.name}"'
        if self.invented:
            return self.invented.format(quoted)
        if self.type == "bytea":
            return "'\\x'::bytea"
        if self.unique:
            return f"pg_temp.token({quoted}, {min(self.longest, 40)})"
        blank = "Practice" if self.longest >= 8 else ""
        return f"CASE WHEN {quoted} = '' THEN '' ELSE '{blank}' END"


_COLUMNS = """
SELECT c.relname, a.attname, t.typname, coalesce(nullif(a.atttypmod, -1) - 4, 100000),
       EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique AND a.attnum = ANY(i.indkey)),
       EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype IN ('c', 'f')
               AND a.attnum = ANY(k.conkey)),
       NOT a.attnotnull
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
  JOIN pg_type t ON t.oid = a.atttypid AND t.typname IN ('text', 'varchar', 'jsonb', 'bytea')
 WHERE c.relkind = 'r' ORDER BY c.relname, a.attnum
"""


def text_columns(cursor: Any) -> Iterator[Column]:
    """Every column of every table that could hold words."""
    cursor.execute(_COLUMNS)
    for table, *rest in cursor.fetchall():
        if table not in EMPTIED:
            yield Column(table, *rest)
