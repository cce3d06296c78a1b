"""Readers and writers of the field's files. No Django, no database."""
