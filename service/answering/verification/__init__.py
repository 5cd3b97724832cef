"""Quotations that anyone wrote, and citations that were given out, compared with the articles."""
