"""A web page: its furniture, its facts, its blocks of text and what is wrong with them."""
