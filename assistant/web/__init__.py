"""The web chat: its page, the reader, and the index that serves both."""
