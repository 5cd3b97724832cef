"""Feeds and sitemaps on the web: what they lead to, and following them."""
