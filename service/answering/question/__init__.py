"""What is asked: follow-ups, what kind of answer is wanted, and of which days."""
