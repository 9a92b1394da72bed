"""Giving one input to a target, and what is held against it."""

import base64
import sys
import time
import traceback

from tests.fuzz.targets import Target

SECONDS = 1.0


def try_one(target: Target, raw: bytes) -> None:
    """Gives the input to the target; one that raises, or takes a second of the processor, is printed and fails."""
    began = time.process_time()
    try:
        target(raw)
        took = time.process_time() - began
        if took > SECONDS:
            raise AssertionError(f"it took {took:.1f} seconds")
    except BaseException:
        traceback.print_exc()
        sys.stderr.write(f"{target.name}: {len(raw)} bytes, in base64:\n{base64.b64encode(raw).decode()}\n")
        sys.stderr.flush()
        raise
