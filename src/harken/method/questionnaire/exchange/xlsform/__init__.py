"""XLSForm: a workbook in, and out again.

In: the bytes of a workbook, with the files that stand beside it. Out: an instrument and
findings. The words and rules of the format stay in here.
"""

from harken.method.questionnaire.exchange.xlsform.form import read_xlsform

__all__ = ["read_xlsform"]
