"""The reader: a document as a page of its own, with the sentence that a link leads to."""
