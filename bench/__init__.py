"""Speed, size and memory of retrieval as the collection grows, beside two systems that people would otherwise pick."""
