"""The edge of the program: one file a step of the year, thin. `core` never imports from here."""
