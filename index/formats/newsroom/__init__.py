"""The formats in which news agencies and publishers send their stories."""
