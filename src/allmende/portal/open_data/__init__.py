"""Open data: what everybody may take along, described so that machines understand it.

Apps offer ``Dataset``s in their ``portal.py``. Pages, files, the nightly dump and the catalogue are made of
those alone: a new one is everywhere at once.
"""
