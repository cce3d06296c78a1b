"""Reports of an opinion map: the JSON document, a summary for the terminal and one HTML page.

All three are written from the same :class:`~.model.OpinionReport`, so they cannot disagree. The
fields are described in ``docs/reference/opinion-json.md``.
"""
