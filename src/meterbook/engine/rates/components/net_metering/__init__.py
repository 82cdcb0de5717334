"""Credits for what is fed in: dollars brought from earlier bills, what they may offset, what is carried on."""
