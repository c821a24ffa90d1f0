"""Answers about versions: what a draft said, and what changed."""
