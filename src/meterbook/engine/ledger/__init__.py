"""What is owed and what pays it: which open items a credit settles, and how old the rest is.

``allocate`` joins credits to open items, oldest due first; ``aging`` sorts what remains by days past due. Amounts are
whole cents; both work on columns for every account at once.
"""
