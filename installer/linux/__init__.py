"""The packages for Linux: what Debian wants to know, the tree of files, the two packages and the proof of them."""
