// First thing in the body: says that script runs, so that the GOV.UK components wake up.
document.body.className +=
  " js-enabled" + ("noModule" in HTMLScriptElement.prototype ? " govuk-frontend-supported" : "");
