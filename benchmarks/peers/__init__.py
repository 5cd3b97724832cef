"""The peers: other libraries with their defaults, in an environment of their own."""
