"""What is asked: a question read, its spelling mended, with the language pack."""
