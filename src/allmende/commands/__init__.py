"""Commands of ``allmende``, one module each."""
