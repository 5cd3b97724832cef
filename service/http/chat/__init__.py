"""What chat clients speak: OpenAI's chat completions, completions and responses."""
