"""What the service is measured with; see RESULTS.md for the figures."""
