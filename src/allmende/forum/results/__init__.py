"""Reading a result: from the stored document to what its pages, tables and files show.

``figures`` reads the document, ``queries`` the database; a ``reader.Reader`` joins both for one person
and decides what she may see of single participants; ``statements``, ``participation`` and ``certainty``
say it in rows, tables and sentences. Computing a result is ``services.results``.
"""
