"""Changes to sort out: what two people changed at once, and what the hub did not take."""
