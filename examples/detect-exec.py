#!/usr/bin/env python3
"""A detector for framehub that is a command: finds an orange ball with OpenCV.

    npx framehub test: --detect "exec:python3 detect-exec.py"

framehub starts it while somebody wants its results, writes each picture to its standard input, and
reads one line of JSON for each from its standard output: docs/guides/write-a-detector.md. Your own
work goes into `find`. Needs OpenCV: pip install opencv-python, or Debian's python3-opencv.
"""

import json
import signal
import struct
import sys

import cv2
import numpy

# What a library prints must not end up among the answers.
answers, sys.stdout = sys.stdout, sys.stderr


def find(image):
    """What is in the picture (BGR, as OpenCV has it)."""
    colours = cv2.cvtColor(image, cv2.COLOR_BGR2HSV)
    orange = cv2.inRange(colours, (2, 90, 160), (13, 220, 255))
    height, width = orange.shape
    _, _, regions, _ = cv2.connectedComponentsWithStats(orange)
    found = []
    # The first region is what is not orange.
    for x, y, region_width, region_height, area in regions[1:].tolist():
        fill = area / (region_width * region_height)
        # A ball is as wide as it is high, and not tiny.
        is_round = 0.6 < region_width / region_height < 1.6 and fill > 0.4
        if not is_round or area < width * height / 2000:
            continue
        box = {
            "x": x / width,
            "y": y / height,
            "width": region_width / width,
            "height": region_height / height,
        }
        found.append({"label": "ball", "score": round(fill, 3), "box": box})
    return found


def main():
    # It ends when framehub closes its input, or by SIGTERM; Ctrl-C is for framehub.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pictures = sys.stdin.buffer
    while True:
        length = pictures.read(4)
        if len(length) < 4:
            return
        # camera, seq, capturedAt (ms since the epoch), width, height, bytes
        header = json.loads(pictures.read(struct.unpack(">I", length)[0]))
        jpeg = pictures.read(header["bytes"])
        image = cv2.imdecode(numpy.frombuffer(jpeg, numpy.uint8), cv2.IMREAD_COLOR)
        answer = {"seq": header["seq"]}
        if image is None:
            answer["error"] = "OpenCV can't decode this picture"
        else:
            answer["detections"] = find(image)
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
