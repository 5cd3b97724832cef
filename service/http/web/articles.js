// Articles.
