"""What only templates of the forum use."""
