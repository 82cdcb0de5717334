"""Two premises at one address, told apart only by how it was typed."""

from __future__ import annotations

from meterbook.engine.trace import N_
from meterbook.records.billing.integrity.checks.contract import Check

#: What is written out, by how it is abbreviated (USPS Publication 28, appendices B and C).
_WRITTEN_OUT = {
    "ST": "STREET", "AVE": "AVENUE", "AV": "AVENUE", "RD": "ROAD", "DR": "DRIVE", "LN": "LANE", "CT": "COURT",
    "BLVD": "BOULEVARD", "PL": "PLACE", "CIR": "CIRCLE", "TER": "TERRACE", "HWY": "HIGHWAY", "PKWY": "PARKWAY",
    "N": "NORTH", "S": "SOUTH", "E": "EAST", "W": "WEST", "APARTMENT": "", "APT": "", "UNIT": "", "STE": "",
    "SUITE": "", "NO": "",
}  # fmt: skip


def _normal() -> str:
    """SQL of an address as one string of words without punctuation, case or abbreviations."""
    sql = "' ' || upper(concat_ws(' ', street_number, street, unit)) || ' '"
    sql = f"regexp_replace(regexp_replace({sql}, '[.,#''’]', ' ', 'g'), '[-[:space:]]+', '  ', 'g')"
    for short, long in _WRITTEN_OUT.items():
        sql = f"replace({sql}, ' {short} ', ' {long} ')"
    return f"regexp_replace({sql}, '[[:space:]]+', ' ', 'g') || left(postal_code, 5)"


_SQL = f"""
WITH normal AS (SELECT id, parcel_id, premise_class, concat_ws(' ', street_number, street, nullif(unit, '')) AS typed,
                       {_normal()} AS address FROM places_premise),
twice AS (
    SELECT address, array_agg(id ORDER BY id) AS ids, string_agg(typed, '; ' ORDER BY id) AS typed
      FROM normal GROUP BY 1 HAVING count(*) > 1
)
SELECT 'premise:' || n.id, NULL::bigint, n.id, n.parcel_id, NULL::bigint,
       (SELECT min(g.account_id) FROM audit_points p JOIN audit_served g ON g.service_point_id = p.id
         WHERE p.premise_id = ANY(t.ids)), NULL::text, n.premise_class,
       jsonb_build_object('typed', t.typed, 'premises', to_jsonb(t.ids))
  FROM twice t JOIN normal n ON n.id = t.ids[1]
"""
CHECK = Check(
    name="shared_address_duplicates",
    title=N_("One address twice"),
    says={"": N_("Several premises are at one address: {typed}.")},
    severity=3,
    sql=_SQL,
)
