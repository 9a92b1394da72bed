"""Help for each page, and the keys as the menus have them."""
