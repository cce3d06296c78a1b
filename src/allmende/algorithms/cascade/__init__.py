"""How failures of facilities spread: who depends on whom, how long reserves last, what repairs and help change.

The model and its mathematics: docs/algorithms/cascade.md.
"""
