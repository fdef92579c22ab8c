"""Follow-up questions made whole from the turns before them."""
