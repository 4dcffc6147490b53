"""Runs the reference checker of the onnx package over files, types and shapes of every value included: `python3 tests/onnx-check.py FILE.onnx ...`.
Exit code 0 where all are right; otherwise what is wrong, a line a file."""

import sys

import onnx

failed = False
for path in sys.argv[1:]:
    try:
        onnx.checker.check_model(path, full_check=True)
    except Exception as error:  # whatever is wrong with a file
        print(f"{path}: {error}".replace("\n", " "))
        failed = True
sys.exit(failed)
