"""An independent XForms engine, driven for ``script/bench exchange --engine``."""
