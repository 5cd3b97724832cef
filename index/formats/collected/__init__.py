"""Files that hold any number of articles, and the articles' places in them."""
