"""The store on one machine: SQLite is the record, FAISS a cache of its vectors."""
