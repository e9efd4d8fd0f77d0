"""One file per room."""
