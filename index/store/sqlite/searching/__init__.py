"""Reading the record: what passes a filter, what has words in it, and the list of articles."""
