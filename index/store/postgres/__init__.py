"""The store of many machines: PostgreSQL with pgvector, alone or spread with Citus."""
