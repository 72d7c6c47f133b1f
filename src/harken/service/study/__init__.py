"""The charter's workshop: studies as they are loaded, opened, closed and ended.

In: the texts of a study folder, from a command or an uploaded archive. Out: a ``Study``
with its state, and its ``Folder`` read again on demand. Fieldwork managers open this
door; other rooms use ``actions``, ``queries`` and the model's type.
"""
