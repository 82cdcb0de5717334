"""Files exchanged with agencies money is billed for: accounts, usage and charges, rates. See README.md."""

from meterbook.formats.agency_csv.accounts import AccountRow, parse_accounts, write_accounts
from meterbook.formats.agency_csv.rates import RateRow, parse_rates, write_rates
from meterbook.formats.agency_csv.usage import UsageRow, parse_usage, write_usage
from meterbook.formats.contract import Format

ACCOUNTS: Format[list[AccountRow]] = Format(
    name="agency-accounts",
    title="Accounts served for an agency, such as a refuse hauler's list (CSV)",
    kind="agencies",
    parse=parse_accounts,
    write=write_accounts,
)
USAGE: Format[list[UsageRow]] = Format(
    name="agency-usage",
    title="Usage, winter averages and charges of an agency's accounts (CSV)",
    kind="agencies",
    parse=parse_usage,
    write=write_usage,
)
RATES: Format[list[RateRow]] = Format(
    name="agency-rates",
    title="Rates an agency sets and the utility bills (CSV)",
    kind="agencies",
    parse=parse_rates,
    write=write_rates,
)
FORMATS = (ACCOUNTS, USAGE, RATES)

__all__ = [
    "ACCOUNTS", "FORMATS", "RATES", "USAGE", "AccountRow", "RateRow", "UsageRow", "parse_accounts", "parse_rates",
    "parse_usage", "write_accounts", "write_rates", "write_usage",
]  # fmt: skip
