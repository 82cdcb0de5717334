"""Usage priced in tiers, inclining or declining; tier widths follow days and, if named, dwelling units."""
