"""The publication room: from checked results to what leaves the building.

In: `Results` that have passed disclosure control, and words for people. Out: tables,
charts, texts and a manifest as bytes, the same for the same input; nothing here reads
a response, a case or a clock. The service room publication may open the door.
"""

from harken.method.publication import release
from harken.method.publication.document import Document, document_html, document_typst
from harken.method.publication.figures import Figures, figure_files, make_figures
from harken.method.publication.findings import Context, Words
from harken.method.publication.spreadsheet import Cover

__all__ = [
    "Context",
    "Cover",
    "Document",
    "Figures",
    "Words",
    "document_html",
    "document_typst",
    "figure_files",
    "make_figures",
    "release",
]
