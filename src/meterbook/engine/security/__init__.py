"""Deposits as arithmetic: how much is asked, in which instalments, what interest it bears, when it goes back.

Interest is computed twice, on columns (`columns`) and for one deposit in words (`explain`); neither imports the other.
"""
