#!/usr/bin/env python3
"""A detector for framehub behind an address: finds an orange ball with OpenCV.

    python3 detect-http.py
    npx framehub test: --detect http://127.0.0.1:8000/detect      # in another terminal

framehub posts each picture as image/jpeg and is answered with JSON: docs/guides/write-a-detector.md.
Your own work goes into `find`. Needs OpenCV: pip install opencv-python, or Debian's python3-opencv.
"""

import json
import os
import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import cv2
import numpy

LARGEST = 16 * 1024 * 1024


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


class Handler(BaseHTTPRequestHandler):
    # One connection for all pictures of a camera.
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        length = int(self.headers.get("Content-Length", 0))
        if self.path != "/detect" or length > LARGEST:
            # The picture was not read, so nothing more can come over this connection.
            self.close_connection = True
            self.answer(404 if length <= LARGEST else 413, {"error": "POST a JPEG to /detect"})
            return
        jpeg = self.rfile.read(length)
        image = cv2.imdecode(numpy.frombuffer(jpeg, numpy.uint8), cv2.IMREAD_COLOR)
        if image is None:
            self.answer(422, {"error": "OpenCV can't decode this picture"})
            return
        # The frame, as X-Camera, X-Frame-Id and X-Timestamp say.
        seq = int(self.headers.get("X-Frame-Id", 0))
        self.answer(200, {"seq": seq, "detections": find(image)})

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def main():
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", 8000))), Handler)
    server.daemon_threads = True
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: sys.exit(0))
    print(f"Detector: http://127.0.0.1:{server.server_address[1]}/detect", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
