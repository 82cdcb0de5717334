"""What a draft tariff would raise: every customer's last months priced by today's rates and by the draft.

>>> # study = prepare(today, usage)                  # once; seconds for 1.2 million bills
>>> # impact = study.impact(draft)                   # a fraction of a second for each change of the draft
>>> # solution = solve(study, text, wish)            # prices that raise what is needed

`report` holds the values that come out, `prepared` makes and holds the study, `wish` is what the solver is asked and
answers, `solve` finds the prices.
"""
