"""The look of every page: base templates, the vendored GOV.UK Frontend, neutral error pages.

In come requests from any room's templates; out goes the frame around their content. Any
room may extend ``pages/respondent.html``, ``pages/staff.html`` or ``pages/public.html``.
"""
