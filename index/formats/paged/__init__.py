"""Pages of lines: what heads and foots them, and what they break off."""
