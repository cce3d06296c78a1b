"""How a crisis exercise runs: its clock, what is delivered when, and a world that follows the simulation.

The mathematics: docs/algorithms/exercise.md.
"""
