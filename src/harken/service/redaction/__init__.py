"""The free-text desk: what people wrote, read by a person before any of it is kept.

In come sealed texts of collected interviews; out go redacted words or codes, as new rows
on the other side of the wall. The house looks up what it knows of the writer to mark the
text, and shows none of it. What nobody has read two days before the promise is destroyed.
"""
