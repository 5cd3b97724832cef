"""What keeps a store in PostgreSQL in order: checking it, and making its vectors anew."""
