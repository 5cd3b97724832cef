"""What can be seen of the service while it runs."""
