"""Reports of a cascade: the JSON document, a summary for the terminal and one HTML page.

All three are written from the same :class:`~.model.CascadeReport`, so they cannot disagree. The fields are
described in ``docs/reference/cascade-json.md``.
"""
