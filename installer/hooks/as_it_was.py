"""Run first in the packaged program: where its libraries lie was told to the linker, and is for no other program.

A browser or a viewer that the program opens would else load our libraries in the place of its own. The program itself,
started once more by itself, has to be told anew.
"""

import os

before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
if before is None:
    os.environ.pop("LD_LIBRARY_PATH", None)
else:
    os.environ["LD_LIBRARY_PATH"] = before
os.environ["PYINSTALLER_RESET_ENVIRONMENT"] = "1"
