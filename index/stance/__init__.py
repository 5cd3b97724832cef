"""Text to stances: which spans an article denies, doubts, supposes, asks, makes up or takes back."""
