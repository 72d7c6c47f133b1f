"""Room in building."""
