"""What a profile knows of itself alone: the names its own settings go by."""

OWN_COUNCIL = "council"
"""The local setting that says which council this profile belongs to, where it knows of several."""

OWN_HUB = "own_hub"
"""The local setting that says which hub this profile belongs to, and as whom; unset where it works by itself."""

HUB_HEALTH = "hub_health"
"""The local setting that says how the last contact with the hub went."""

OWN_DEVICE = "device_id"
"""The local setting that tells this computer from others of the same person."""
