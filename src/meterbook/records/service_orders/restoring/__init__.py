"""Bringing service back that is off for nonpayment: the exact amount, the fee, the order."""
