"""How the file of an older version becomes the file of this one; run by `engine.open_ready` alone."""
