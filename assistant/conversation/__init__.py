"""Questions that lean on earlier ones: folded into one that stands alone, and the senses in which they can be meant."""
