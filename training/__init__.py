"""How what this project fitted or trained was made."""
