"""The workshop: Django rooms that hold tables, pages, post and processes.

It stands on the method floor, which never imports it.
"""
