"""Answers made of quotes: chosen and laid out by kind, explained, with what may be asked next."""
