"""Pages of level payment: plans, one plan, enrolling after a preview, reviews before and after, ending."""
