"""Rights: what people ask about their data, complaints, incidents, and their clocks.

In come requests by web, telephone and letter; out go decisions with reasons, the document
that answers a request for a copy, and an honest *cannot identify* once the link is gone.
The helpdesk takes requests in; only the guardian decides, and opens one person at a time.
"""
