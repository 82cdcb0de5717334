"""Statistics of reads by reader and route: what is worth a second look, never who did something.

``anomalies.anomalies`` runs the measures of ``measures/`` over all reads at once; ``configure`` reads the policy
``reader-statistics``. See docs/guides/estimation.md.
"""
