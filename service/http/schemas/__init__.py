"""What the requests and responses look like."""
