"""Importing as Python itself does it: imported first of the window's modules, as soon as Qt is there.

PySide puts a step of its own into every import, for a way of naming things that is not used here: it reads the whole
source of each module once more, to see whether Qt is spoken of in it. At a start that is a tenth of all the work.
"""

import builtins

import PySide6.QtCore  # noqa: F401 - it is what changes how importing is done

_found = vars(builtins)
_found["__import__"] = _found.get("__orig_import__", _found["__import__"])
