"""A detector program that finds the ball of a `test:` camera by its colour, and takes its time.

    python3 find_ball.py 0.3     # seconds it sleeps over every picture

Reads length-prefixed pictures and writes a line of JSON for each; needs NumPy and OpenCV.
"""

import json
import struct
import sys
import time

import cv2
import numpy as np


def main():
    pause = float(sys.argv[1])
    stdin = sys.stdin.buffer
    while True:
        prefix = stdin.read(4)
        if len(prefix) < 4:
            return
        header = json.loads(stdin.read(struct.unpack(">I", prefix)[0]))
        picture = stdin.read(header["bytes"])
        time.sleep(pause)
        image = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR)
        answer = {"seq": header["seq"], "detections": find(image)}
        print(json.dumps(answer), flush=True)


def find(image):
    """The ball is the only thing between the mark above and the colour bars below that is orange."""
    height, width = image.shape[:2]
    top, bottom = int(height * 0.11), int(height * 0.895)
    blue, green, red = cv2.split(image[top:bottom].astype(np.int16))
    rows, columns = np.nonzero((red - blue > 60) & (red - green > 50))
    if len(rows) == 0:
        return []
    left, right = int(columns.min()), int(columns.max()) + 1
    above, below = int(rows.min()) + top, int(rows.max()) + top + 1
    box = {
        "x": left / width,
        "y": above / height,
        "width": (right - left) / width,
        "height": (below - above) / height,
    }
    return [{"label": "ball", "score": 0.9, "box": box}]


main()
