// Starts the vendored GOV.UK Frontend components on the page.
import { initAll } from "./vendor/govuk-frontend.min.js";

initAll();
