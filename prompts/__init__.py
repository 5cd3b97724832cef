"""The texts the service itself says, as plain files."""
