"""Words beyond the kit's own: what each area brings for its codes."""
