"""The knowledge: pure Python, no Django, no files, no clock, no environment, no global randomness.

Time, seed and policy are arguments. The method floor never imports the service floor.
"""
