"""What is looked up for a move: what stands at a premise, whose debt is old, who is on record twice, lists."""
