"""Cases: complaints, referrals and revenue protection, with their clocks and holds."""
