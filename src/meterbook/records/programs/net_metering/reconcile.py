"""Does the ledger of net metering agree with everything else? By SQL and sums that share no code with posting.

For each enrolment: the bank its last standing entry carries against the sum of all entries; exports (and imports) as
the registers counted them over the billed days against what the ledger credited; dollars carried, or earned, against
the account of the books where the tariff books them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection

from meterbook.engine.programs.net_metering.movements import Carried
from meterbook.engine.programs.net_metering.terms import Terms, terms_of
from meterbook.records.programs.models import NetMeteringAccount
from meterbook.records.programs.net_metering.queries import Position, positions
from meterbook.records.programs.net_metering.standing import bank_of, ledger_sums
from meterbook.records.rates.queries import tariff_of

_REGISTERS = """
SELECT coalesce(sum(u.quantity_e6) FILTER (WHERE g.channel = 'received'), 0),
       coalesce(sum(u.quantity_e6) FILTER (WHERE g.channel <> 'received'), 0)
  FROM programs_netmeteringentry e
  JOIN programs_netmeteringaccount n ON n.id = e.nem_id
  JOIN customers_serviceagreement a ON a.id = n.agreement_id
  JOIN metering_usage u ON u.service_point_id = a.service_point_id AND NOT u.superseded
                       AND u.starts >= e.starts AND u.ends <= e.ends
  JOIN metering_register g ON g.id = u.register_id
 WHERE e.nem_id = %s AND e.kind = 'period'
   AND NOT EXISTS (SELECT FROM programs_netmeteringentry r WHERE r.reverses_id = e.id)
"""
_BOOKED = """
SELECT coalesce(sum(CASE WHEN c.code = %(code)s THEN amount_cents ELSE 0 END
                  - CASE WHEN d.code = %(code)s THEN amount_cents ELSE 0 END), 0)
  FROM ledger_entry e
  JOIN ledger_ledgeraccount d ON d.id = e.debit_id JOIN ledger_ledgeraccount c ON c.id = e.credit_id
 WHERE e.account_id = %(account)s AND e.source_kind = 'bill' AND (c.code = %(code)s OR d.code = %(code)s)
   AND e.source_id IN (SELECT bill_id FROM programs_netmeteringentry WHERE nem_id = %(nem)s)
"""
_SHARED = """
SELECT coalesce(sum(given_e6), 0) FROM programs_netmeteringentry WHERE nem_id = %(nem)s
"""
_GIVEN = """
SELECT coalesce(sum(s.waiting_e6), 0) FROM programs_netmeteringentry s
  JOIN programs_netmeteringentry p ON p.id = coalesce(s.shared_from_id,
       (SELECT o.shared_from_id FROM programs_netmeteringentry o WHERE o.id = s.reverses_id))
 WHERE p.nem_id = %(nem)s
"""


@dataclass(frozen=True, slots=True)
class Compared:
    """One enrolment's figures side by side: kWh in millionths, dollars in cents; ``booked`` is ``None`` where the
    tariff books no dollars."""

    position: Position
    sums: dict[str, int]
    bank: Carried
    register_exports_e6: int
    register_imports_e6: int
    given_away_e6: int
    dollars: int
    booked: int | None
    problems: tuple[str, ...]


def compared(nems: Sequence[NetMeteringAccount]) -> list[Compared]:
    """Compare some enrolments; ``problems`` names what differs: bank, exports, imports, shares, dollars, unsettled."""
    return [_one(position) for position in positions(nems)]


def _one(position: Position) -> Compared:
    nem = position.nem
    sums = ledger_sums(nem)
    bank = bank_of(sums)
    exports, imports = _row(_REGISTERS, [nem.pk])
    given = _row(_SHARED, {"nem": nem.pk})[0] - _row(_GIVEN, {"nem": nem.pk})[0]
    dollars, booked = _dollars(nem, bank, sums)
    tests = {
        "bank": bank != position.carried,
        "exports": exports != sums["exports_e6"],
        "imports": imports != sums["imports_e6"],
        "shares": given != 0,
        "dollars": booked is not None and dollars != booked,
        "unsettled": bool(position.unsettled),
    }
    problems = tuple(name for name, wrong in tests.items() if wrong)
    return Compared(position, sums, bank, exports, imports, sums["given_e6"], dollars, booked, problems)


def _dollars(nem: NetMeteringAccount, bank: Carried, sums: dict[str, int]) -> tuple[int, int | None]:
    """The ledger's dollars and the books': what is carried, or what was earned where nothing is carried."""
    document = nem.agreement.schedule.document
    last = nem.entries.order_by("-ends").first()
    day = nem.validity.lower if last is None else last.ends - timedelta(days=1)
    version = tariff_of(document).version_at(max(day, nem.validity.lower))
    terms: Terms = terms_of(version)
    if not terms.revenue_component or nem.option == "nem-kwh":
        return 0, None
    code = version.component(terms.revenue_component).revenue
    (booked,) = _row(_BOOKED, {"code": code, "account": nem.account_id, "nem": nem.pk})
    if terms.credits:
        # Credits are booked when they are carried on; what another system carried is not in these books.
        return bank.cents - sums["opened_cents"], booked
    return sums["earned_cents"], -booked


def _row(sql: str, params: object) -> tuple[int, ...]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)  # type: ignore[arg-type]
        return tuple(int(value) for value in cursor.fetchone())
