"""Which answer is given, or none: what is measured of each, fitted models over that, and the words of a refusal."""
