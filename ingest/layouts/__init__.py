"""One module for each kind of document that the corpus holds, each known by the shape of its text, not by its file."""
