"""Word and Excel files: packages of XML."""
