"""The hub: joining it, how this computer stands with it, and signing out."""
