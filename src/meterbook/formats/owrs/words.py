"""Words of a document that OWRS does not hold: printed labels in both languages, units, periods, dates."""

from __future__ import annotations

import datetime as dt
import re

from meterbook.formats.owrs.document import Value

#: Bill units as files spell them, in lower case, and the unit of the document.
_UNITS = {"ccf": "ccf", "hcf": "ccf", "hundred cubic feet": "ccf", "kgal": "kgal", "kgals": "kgal", "tgal": "kgal",
          "1000 gallons": "kgal", "thousand gallons": "kgal", "gal": "gal", "gallon": "gal", "gallons": "gal",
          "cf": "cf", "cubic feet": "cf", "m3": "m3", "cubic meters": "m3", "kilolitre": "m3", "kiloliter": "m3",
          "kl": "m3"}  # fmt: skip
#: Billing periods, letters only: days of a normal one, shortest and longest.
_PERIODS = {"weekly": (7, 6, 8), "biweekly": (14, 12, 16), "monthly": (30, 25, 35), "bimonthly": (61, 53, 69),
            "quarterly": (91, 80, 102), "semiannually": (182, 165, 199), "semiannual": (182, 165, 199),
            "annually": (365, 340, 366), "annual": (365, 340, 366), "yearly": (365, 340, 366)}  # fmt: skip
_LABELS = {
    "service_charge": ("Service charge", "Cargo por servicio"),
    "commodity_charge": ("Water usage", "Consumo de agua"),
    "fixed_drought_surcharge": ("Drought surcharge", "Recargo por sequía"),
    "variable_drought_surcharge": ("Drought surcharge on usage", "Recargo por sequía sobre el consumo"),
    "fixed_wastewater_charge": ("Wastewater service", "Servicio de aguas residuales"),
    "variable_wastewater_charge": ("Wastewater usage", "Consumo de aguas residuales"),
    "sewer_charge": ("Sewer", "Alcantarillado"),
    "elevation_charge": ("Elevation charge", "Cargo por elevación"),
    "pumping_charge": ("Pumping charge", "Cargo por bombeo"),
    "connection_charge": ("Connection charge", "Cargo por conexión"),
    "connection_fee": ("Connection fee", "Cuota de conexión"),
    "conservation_charge": ("Conservation charge", "Cargo por conservación"),
    "capital_facilities_charge": ("Capital facilities charge", "Cargo por obras de capital"),
    "sanitation_charge": ("Sanitation charge", "Cargo por saneamiento"),
    "outside_city_service_charge": ("Service outside the city", "Servicio fuera de la ciudad"),
    "utility_surcharge": ("Utility surcharge", "Recargo del servicio"),
    "bill": ("Water bill", "Factura de agua"),
    "bill_adjustment": ("Adjustment of the charges above", "Ajuste de los cargos anteriores"),
    "bill_part": ("Other charge", "Otro cargo"),
}


def label(key: str) -> tuple[str, str] | None:
    """The printed words of a common charge, English and Spanish; None for a charge only its file knows."""
    return _LABELS.get(key)


def spoken(key: str) -> str:
    """A key as words.

    >>> spoken("WRAM_charge")
    'WRAM charge'
    """
    words = re.sub(r"[_\s]+", " ", key).strip() or key
    return words[0].upper() + words[1:]


def unit(stated: Value | None) -> str | None:
    """The document's unit for a bill unit; None for one it has not."""
    return _UNITS.get(stated.strip().lower()) if isinstance(stated, str) else None


def period(stated: Value | None) -> tuple[int, int, int] | None:
    """Days of a normal period, the shortest and the longest; None for a frequency without a known length."""
    return _PERIODS.get(re.sub(r"[^a-z]", "", stated.lower())) if isinstance(stated, str) else None


def day(stated: Value | None) -> dt.date | None:
    """An effective date as files write it: 2017-07-01, 07/01/2017, 7-1-2017.

    >>> day("7/1/2017"), day("2017-13-01")
    (datetime.date(2017, 7, 1), None)
    """
    numbers = re.findall(r"\d+", stated) if isinstance(stated, str) else []
    if len(numbers) != 3 or not re.fullmatch(r"[\d/. -]+", str(stated)):
        return None
    year, month, date = numbers if len(numbers[0]) == 4 else (numbers[2], numbers[0], numbers[1])
    try:
        return dt.date(int(year), int(month), int(date)) if len(year) == 4 else None
    except ValueError:
        return None
