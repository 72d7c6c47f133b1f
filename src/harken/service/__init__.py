"""The workshop: Django rooms that hold tables, pages, post and processes; it stands on the method floor."""
