"""Scripts that the packaged program runs before everything else."""
