"""Which sentence answers: what is measured of each, the models over it, and the span inside."""
