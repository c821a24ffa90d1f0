"""Answers quoted from running text and tables, verbatim."""
