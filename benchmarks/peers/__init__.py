"""The peers: what a user of other libraries gets from their defaults. Run in an environment of their own."""
