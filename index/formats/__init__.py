"""From bytes to articles: one module a format."""
