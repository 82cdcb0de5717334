"""The pre-bill register on record: what stands out in a run, holds by hand, one account calculated again."""
