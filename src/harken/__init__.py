"""Harken: a review of how victims of crime were treated, from the letter on the doormat to the published figure and the certificate that the names are gone."""
