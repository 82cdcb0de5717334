"""BAI2 type codes in plain words: those a utility's account meets. Others keep their number and their sign.

The sign is the code's range: 100 to 399 came in, 400 to 699 went out (700 to 799 loans, 890 no money).
"""

from __future__ import annotations

KINDS = {
    "108": "credit",
    "115": "lockbox deposit",
    "116": "item in lockbox deposit",
    "118": "lockbox adjustment credit",
    "142": "ACH credit received",
    "145": "ACH concentration credit",
    "155": "preauthorized draft credit",
    "165": "preauthorized ACH credit",
    "166": "ACH settlement credit",
    "168": "ACH return item or adjustment settlement",
    "169": "miscellaneous ACH credit",
    "172": "deposit correction",
    "174": "other deposit",
    "175": "check deposit package",
    "187": "cash letter credit",
    "195": "incoming money transfer",
    "206": "book transfer credit",
    "208": "international money transfer credit",
    "212": "foreign letter of credit",
    "218": "letter of credit",
    "252": "debit reversal",
    "254": "posting error correction credit",
    "255": "check posted and returned",
    "257": "individual ACH return item",
    "261": "individual rejected credit",
    "266": "returned item",
    "275": "ZBA credit",
    "295": "ATM credit",
    "301": "commercial deposit",
    "354": "interest credit",
    "357": "credit adjustment",
    "366": "currency and coin deposited",
    "390": "total miscellaneous credits",
    "395": "check reversal",
    "397": "float adjustment",
    "398": "miscellaneous fee refund",
    "399": "miscellaneous credit",
    "409": "debit",
    "415": "lockbox debit",
    "447": "ACH disbursement funding debit",
    "451": "ACH debit received",
    "455": "preauthorized ACH debit",
    "466": "ACH settlement",
    "468": "ACH return item or adjustment settlement",
    "469": "miscellaneous ACH debit",
    "475": "check paid",
    "495": "outgoing money transfer",
    "506": "book transfer debit",
    "552": "deposit correction debit",
    "554": "posting error correction debit",
    "555": "deposited item returned",
    "557": "individual ACH return item",
    "561": "individual rejected debit",
    "566": "return item",
    "575": "ZBA debit",
    "595": "ATM debit",
    "622": "debit adjustment",
    "631": "debit adjustment",
    "654": "interest debit",
    "661": "account analysis fee",
    "666": "currency and coin shipped",
    "695": "miscellaneous debit",
    "698": "miscellaneous fees",
    "699": "miscellaneous debit",
}

OPENING_LEDGER, CLOSING_LEDGER = "010", "015"
TOTAL_CREDITS, TOTAL_DEBITS = "100", "400"

#: Codes of a payment of ours that came back.
RETURNS = frozenset({"255", "257", "266", "555", "557", "566"})


def sign_of(code: str) -> int:
    """1 for money that came in, -1 for money that went out, 0 for a code that carries none.

    >>> sign_of("165"), sign_of("475"), sign_of("890")
    (1, -1, 0)
    """
    number = int(code)
    if 100 <= number <= 399:
        return 1
    return -1 if 400 <= number <= 699 else 0
