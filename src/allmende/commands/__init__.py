<<<<<<< HEAD
"""Commands of ``allmende``, one module each."""
=======
"""One command per module, imported by ``cli`` when it is called for."""
>>>>>>> main
