"""Articles and search: reading, splitting, embedding, storing and finding passages."""
