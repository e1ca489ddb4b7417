"""Passages -> dense and lexical retrieval and the table of figures: one generation on disk, and search over it."""
