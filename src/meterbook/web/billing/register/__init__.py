"""Pages of the pre-bill register: what stands out in a run, acting on it, and the backlog of held accounts."""
