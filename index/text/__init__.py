"""What is known of language: sentences, words, passages, and what two texts have in common."""
