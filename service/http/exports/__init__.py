"""Answers and sayings as files that other programs read."""
