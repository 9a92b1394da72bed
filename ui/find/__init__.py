"""Finding: the box at the top, and what was found as one types."""
