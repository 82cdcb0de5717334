"""The fields a URDB record may have, in the spellings of versions 3 to 8, and which of them a bill is made of."""

from __future__ import annotations

from typing import Any

#: Fields of which lines of a bill are made; everything else is description and is carried along.
PRICED = frozenset(
    {
        "energyratestructure", "energyweekdayschedule", "energyweekendschedule", "demandratestructure",
        "demandweekdayschedule", "demandweekendschedule", "flatdemandstructure", "flatdemandmonths", "demandwindow",
        "demandreactivepowercharge", "lookbackpercent", "lookbackmonths", "lookbackrange", "fixedchargefirstmeter",
        "fixedchargeunits", "fixedmonthlycharge", "mincharge", "minchargeunits", "minmonthlycharge",
        "annualmincharge", "fueladjustmentsmonthly", "coincidentratestructure", "coincidentschedule",
        "demandratchetpercentage", "energyrateunit", "dgrules",
    }
)  # fmt: skip

#: Descriptive fields of the database, in any version.
DESCRIPTIVE = frozenset(
    {
        "approved", "basicinformationcomments", "coincidentrateunit", "coincidentsched", "country", "demandattrs",
        "demandcomments", "demandkeyvals", "demandrateunit", "demandunits", "description", "eiaid", "eia_id",
        "enddate", "energyattrs", "energycomments", "energykeyvals", "fixedattrs", "fixedchargeeaaddl",
        "fixedkeyvals", "flatdemandunit", "is_default", "label", "name", "peakkvacapacitymax", "peakkvacapacitymin",
        "peakkwcapacityhistory", "peakkwcapacitymax", "peakkwcapacitymin", "peakkwhusagehistory", "peakkwhusagemax",
        "peakkwhusagemin", "phasewiring", "revisions", "sector", "servicetype", "source", "sourceparent",
        "startdate", "supercedes", "supersedes", "uri", "usenetmetering", "utility", "utilityid", "voltagecategory",
        "voltagemaximum", "voltageminimum", "version", "latest_update",
    }
)  # fmt: skip


def spelled(record: dict[str, Any]) -> dict[str, Any]:
    """The record by lower-case field names, as version 3 spelled them; ``dgRules`` and ``dgrules`` are one field.

    >>> spelled({"dgRules": "Net Metering", "name": "A"})
    {'dgrules': 'Net Metering', 'name': 'A'}
    """
    return {str(key).lower(): value for key, value in record.items()}
