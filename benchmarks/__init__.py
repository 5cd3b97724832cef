"""The benchmarks of the service; RESULTS.md has the figures."""
