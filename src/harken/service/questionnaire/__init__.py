"""The instrument's workshop: drafts are checked here, and versions frozen.

In: the questionnaire and translations of a loaded study. Out: frozen versions, findings
for their author, page lists and printed forms. Fieldwork managers and statisticians open
this door; other rooms use ``actions``, ``queries`` and the model's type.
"""
