"""Questions that the articles answer: what to ask first."""
