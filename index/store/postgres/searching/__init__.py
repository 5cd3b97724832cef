"""What PostgreSQL is searched by: filters, words and vectors."""
