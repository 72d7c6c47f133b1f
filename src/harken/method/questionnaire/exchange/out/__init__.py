"""A questionnaire out: as XLSForm, Triple-S 2.0, DDI Codebook 2.5 or queXML.

In: a questionnaire. Out: the bytes of a file, and a finding for what the format has no
place for.
"""

from harken.method.questionnaire.exchange.out.files import FORMATS, Exported, export

__all__ = ["FORMATS", "Exported", "export"]
