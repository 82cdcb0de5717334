"""The winter average that bills sewer all year: drawn, previewed, overridden with reason, agreed, set, and moved."""
