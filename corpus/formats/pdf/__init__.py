"""PDF: pages of placed characters -> paragraphs, headings and tables."""
