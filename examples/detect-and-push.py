#!/usr/bin/env python3
"""Reads a camera of framehub, finds an orange ball with OpenCV, and brings the results back.

    npx framehub test:                            # in another terminal
    python3 detect-and-push.py --camera test

For a program that runs by itself, maybe on another machine: framehub neither starts nor waits for
it. Its results go to everyone who asks for those of the camera, with the frame they belong to.
Your own work goes into `find`. Needs OpenCV: pip install opencv-python, or Debian's python3-opencv.
A framehub on another machine asks for its admin token: export FRAMEHUB_ADMIN_TOKEN=... before.
"""

import argparse
import http.client
import json
import os
import signal
import sys
import threading
import time
from urllib.parse import urlsplit

import cv2
import numpy

stop = threading.Event()


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


class Server:
    """framehub, over one connection."""

    def __init__(self, address):
        parts = urlsplit(address)
        secure = parts.scheme == "https"
        connect = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        self.connection = connect(parts.hostname, parts.port, timeout=10)
        self.path = parts.path.rstrip("/")

    def request(self, method, path, value=None):
        """The answer, its body not yet read; a refusal ends the program with its reason."""
        token = os.environ.get("FRAMEHUB_ADMIN_TOKEN")
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        body = None if value is None else json.dumps(value)
        if body is not None:
            headers["Content-Type"] = "application/json"
        self.connection.request(method, self.path + path, body, headers)
        return self.connection.getresponse()


def problem(response):
    told = json.load(response)
    return f"{told['detail']} {told['help']}"


def pictures(server, camera):
    """Each picture, with its number and its capture time in ms, as the parts of the stream say."""
    # Without placeholders: those are words about the camera, not pictures of it.
    path = f"/cameras/{camera}/stream.mjpg?placeholder=false&fps=5"
    response = server.request("GET", path)
    if response.status != 200:
        sys.exit(problem(response))
    headers = {}
    last = None
    while not stop.is_set():
        line = response.readline()
        if not line:
            raise OSError("the stream ended")
        name, colon, value = line.decode("latin-1").partition(":")
        if colon:
            headers[name.strip().lower()] = value.strip()
        elif "content-length" in headers:
            # The empty line after the headers.
            jpeg = response.read(int(headers["content-length"]))
            seq = int(headers["x-frame-id"])
            # A silent camera's last picture comes again every second.
            if seq != last:
                yield seq, float(headers["x-timestamp"]) * 1000, jpeg
            last = seq
            headers = {}


def work(address, camera):
    results = Server(address)
    sent = 0
    for seq, captured_at, jpeg in pictures(Server(address), camera):
        began = time.monotonic()
        image = cv2.imdecode(numpy.frombuffer(jpeg, numpy.uint8), cv2.IMREAD_COLOR)
        if image is None:
            continue
        result = {
            "detector": "orange",
            "seq": seq,
            "capturedAt": captured_at,
            "detections": find(image),
            "inferenceMs": (time.monotonic() - began) * 1000,
        }
        response = results.request("POST", f"/api/cameras/{camera}/detections", result)
        if response.status >= 400:
            # Such as a result that comes too late.
            print(problem(response), file=sys.stderr, flush=True)
            continue
        wanted = json.load(response)["wanted"]
        sent += 1
        if sent % 25 == 1:
            print(f"{sent} results sent, {wanted} want them", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--server", default="http://127.0.0.1:5000", help="default: %(default)s")
    parser.add_argument("--camera", default="test", help="id in framehub, default: %(default)s")
    options = parser.parse_args()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    while not stop.is_set():
        try:
            work(options.server, options.camera)
        except (OSError, http.client.HTTPException) as error:
            if not stop.is_set():
                print(f"{error or type(error).__name__}; trying again", file=sys.stderr, flush=True)
                stop.wait(1)


if __name__ == "__main__":
    main()
