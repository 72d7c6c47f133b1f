"""The response room: where submitted interviews become pseudonymous rows.

In comes what ``intake`` fetches across the wall; out go a dataset, its codebook, and
files of it. Statisticians read; nobody here can find a person. Free text stays behind.
"""
