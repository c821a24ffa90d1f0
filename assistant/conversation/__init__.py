"""Questions that lean on earlier ones, folded into one that stands alone."""
