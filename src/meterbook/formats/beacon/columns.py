"""The 48 headings of a BEACON range report, in the order the service writes them, and its unit words.

Source: a range report of the Export Data Service v2 as carried by a public AMI project (see README.md); the unit
words GAL, CUBIC_FEET and CUBIC_METER from Badger's published Billing Read Export Specification.
"""

from __future__ import annotations

HEADINGS: tuple[str, ...] = (
    "Account_ID",
    "Battery_Level",
    "Current_Leak_Rate",
    "Current_Leak_Start_Date",
    "Demand_Zone_ID",
    "Dials",
    "Endpoint_Install_Date",
    "Endpoint_SN",
    "Estimated_Flag",
    "Flow",
    "Flow_Time",
    "Flow_Unit",
    "Location_Address_Line1",
    "Location_Address_Line2",
    "Location_Address_Line3",
    "Location_City",
    "Location_Country",
    "Location_ID",
    "Location_State",
    "Location_ZIP",
    "Location_Continuous_Flow",
    "Location_Longitude",
    "Location_Latitude",
    "Location_Irrigated_Area",
    "Location_Irrigation",
    "Location_Main_Use",
    "Location_Name",
    "Location_Pool",
    "Location_Water_Type",
    "Location_Year_Built",
    "Meter_ID",
    "Meter_Install_Date",
    "Meter_Manufacturer",
    "Meter_Model",
    "Meter_Size",
    "Meter_Size_Desc",
    "Meter_Size_Unit",
    "Meter_SN",
    "Raw_Read",
    "Read",
    "Read_Time",
    "Read_Unit",
    "Register_Number",
    "Register_Resolution",
    "SA_Start_Date",
    "Service_Point_Class_Code",
    "Service_Point_Class_Code_Normalized",
    "Signal_Strength",
)

CANONICAL_UNIT: dict[str, str] = {
    "ccf": "ccf",
    "hcf": "ccf",
    "gal": "gal",
    "gallon": "gal",
    "gallons": "gal",
    "cf": "cf",
    "cubic_feet": "cf",
    "cubic feet": "cf",
    "kgal": "kgal",
    "kgals": "kgal",
    "m3": "m3",
    "cubic_meter": "m3",
    "cubic meters": "m3",
    "kwh": "kWh",
}
"""BEACON's unit words in lower case to the canonical word."""

WRITTEN_UNIT: dict[str, str] = {
    "ccf": "CCF",
    "gal": "Gallons",
    "cf": "CF",
    "kgal": "kGal",
    "m3": "M3",
    "kWh": "KWH",
}
"""The canonical word to the spelling our writer uses."""

ESTIMATED: dict[str, bool] = {"0": False, "1": True, "n": False, "y": True, "false": False, "true": True}
"""`Estimated_Flag` in lower case: is the read an estimate?"""
