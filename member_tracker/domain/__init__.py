"""Values and rules of the council's work: the standard library only; time and identity come in as arguments."""
