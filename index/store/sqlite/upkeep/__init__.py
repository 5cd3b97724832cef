"""What keeps a store on one machine in order: backups, reindexing, and erasing what was removed."""
