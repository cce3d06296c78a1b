"""Opinion mapping: who stands where, what unites, what divides, and how sure that is.

See ``docs/algorithms/opinion.md`` for the mathematics and its sources.
"""
