"""Lines that stand beside an article, and blocks that stand in many articles of one site."""
