"""The generic understanding of any municipality's documents: by their headings, never by document."""
