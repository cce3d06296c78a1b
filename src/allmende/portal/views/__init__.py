"""HTTP only: what is asked, which service or query answers, which page shows it."""
