"""Pure mathematics: arrays in, frozen dataclasses out. No Django, no database, no clock, no files."""
