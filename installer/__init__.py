"""How the program is set up on a machine and packaged for one."""
