"""One module a format: bytes in, a draft of the document out; UnreadableError says why not."""
