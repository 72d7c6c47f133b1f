"""Harken: a review of how victims of crime were treated.

From the letter on the doormat to the published figure and the certificate that the
names are gone. ``method`` is the knowledge, ``service`` the workshop, ``cli`` the command.
"""

VERSION = "0.1.0"
