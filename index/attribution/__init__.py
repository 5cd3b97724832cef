"""Who said what inside an article."""
