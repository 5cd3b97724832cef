"""From spans to quotes: which ones, who said them, when, and the line above them."""
