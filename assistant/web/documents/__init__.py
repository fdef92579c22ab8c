"""The documents' tab of the page: a table, what changes it, and a picture of all of them."""
