"""One module for each kind of document that the corpus holds; each reads by the shape of the text, never by file name."""
