"""Which sentences answer: readers, and what they read by."""
