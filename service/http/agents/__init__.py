"""What agents speak: the Model Context Protocol."""
