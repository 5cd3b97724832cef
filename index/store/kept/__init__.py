"""Answers that were kept as evidence, over every engine."""
