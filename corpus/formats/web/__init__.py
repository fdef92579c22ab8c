"""Web pages and books made of them: HTML, MHTML, EPUB."""
