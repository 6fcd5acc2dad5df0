"""Reads the number that a `test:` camera writes into its pictures.

The geometry is described in src/source/test/seq-mark.ts. Needs NumPy and OpenCV.
"""

import cv2
import numpy as np

COLUMNS = 20
ROWS = 2
SURELY_BLACK = 96
SURELY_WHITE = 160


def read_seq(image):
    """The seq (modulo 2**32) in a decoded picture, or None when no mark can be read.

    image: a NumPy array as OpenCV gives it: height x width x 3 (BGR), or height x width (grey).
    """
    luma = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY) if image.ndim == 3 else image
    height, width = luma.shape
    number = 0
    for index in range(ROWS * COLUMNS):
        row, column = divmod(index, COLUMNS)
        top, bottom = _middle_half(row, height)
        left, right = _middle_half(column, width)
        mean = float(np.mean(luma[top:bottom, left:right]))
        if SURELY_BLACK <= mean <= SURELY_WHITE:
            return None
        number = number << 1 | (mean > SURELY_WHITE)
    seq, check = number >> 8, number & 0xFF
    return seq if check == _checksum(seq) else None


def _middle_half(block, size):
    """First and last (excluded) pixel of the middle half of a block; at least one pixel."""
    first = int((block + 0.25) * size / COLUMNS)
    return first, max(first + 1, int((block + 0.75) * size / COLUMNS))


def _checksum(seq):
    """CRC-8, polynomial 0x07, initial value 0x5a, over the 4 bytes of seq, highest first."""
    crc = 0x5A
    for byte in seq.to_bytes(4, "big"):
        crc ^= byte
        for _ in range(8):
            crc = ((crc << 1) ^ 0x07) & 0xFF if crc & 0x80 else crc << 1
    return crc
