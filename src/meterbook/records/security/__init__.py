"""Security: deposits asked for, interest, instruments, refunds after good months."""
