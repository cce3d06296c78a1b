"""``allmende cascade``: what follows when facilities fail, without server or database."""
