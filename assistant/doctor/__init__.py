"""Whether all is well with the installation and an index, and what to do where it is not."""
