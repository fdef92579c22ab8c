"""Source text in, passages out."""
