"""One search over everything: what is to be found, the index of it, and finding.

Apps offer *findables* (``findable.py``): kinds of things with a title and a text. The *index* keeps one
row for each thing, with its words folded (``folding.py``), and is brought up to date in the transaction
of every deed that is recorded (``index.py``). ``queries.py`` finds, ranks and counts; ``similar.py``
tells what is alike. See docs/decisions/0026-one-folded-index.md.
"""
