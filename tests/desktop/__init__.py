"""The program as it is used from outside its process: keys go in by the screen, what it shows is read by AT-SPI."""
