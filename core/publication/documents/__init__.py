"""Official documents: their words, their fields, the templates that hold them, and how a template is filled."""
