"""Answers from the register: leads, plans, indicators, lists and counts of complete records."""
