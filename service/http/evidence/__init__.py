"""Answers as evidence: sealed when they are given, kept, and shown with what became of their citations."""
