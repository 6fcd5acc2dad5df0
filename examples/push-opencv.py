#!/usr/bin/env python3
"""Captures with OpenCV and pushes the pictures to framehub, for everyone to watch.

    npx framehub                                  # in another terminal
    python3 push-opencv.py                        # the first webcam
    python3 push-opencv.py clip.mp4 --camera clip

Work on the picture between capture and encoding, where the comment says so. It needs OpenCV
(pip install opencv-python, or Debian's python3-opencv) and the standard library. A framehub on
another machine asks for its admin token: export FRAMEHUB_ADMIN_TOKEN=... before.
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

BOUNDARY = "push-opencv-7d1c52a0f3e94b68"
stop = threading.Event()


class Refused(Exception):
    """framehub answered and said no; the text says why."""

    def __init__(self, problem):
        super().__init__(f"{problem['detail']} {problem['help']}")
        self.code = problem["code"]


def request(server, method, path, body=None, content_type="application/json"):
    """framehub's answer. A generator as the body is sent piece by piece, as it yields."""
    address = urlsplit(server)
    secure = address.scheme == "https"
    connect = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    connection = connect(address.hostname, address.port, timeout=10)
    headers = {} if body is None else {"Content-Type": content_type}
    token = os.environ.get("FRAMEHUB_ADMIN_TOKEN")
    if token:
        headers["Authorization"] = f"Bearer {token}"
    try:
        connection.request(method, address.path.rstrip("/") + path, body, headers)
        response = connection.getresponse()
        answer = json.load(response)
    finally:
        connection.close()
    if response.status >= 400:
        raise Refused(answer)
    return answer


def add_camera(server, camera):
    """Adds the camera unless it is there already."""
    try:
        request(server, "POST", "/api/cameras", json.dumps({"id": camera, "source": "push:"}))
    except Refused as refused:
        if refused.code != "CAMERA_EXISTS":
            raise
    # Asked for now: who is refused in the middle of a stream often can't read the answer.
    if request(server, "GET", f"/api/cameras/{camera}")["kind"] != "push":
        sys.exit(f'The camera "{camera}" is there already and is no push: camera.')


def pictures(source):
    """JPEG pictures of a webcam (its index), a video file or the address of a stream."""
    capture = cv2.VideoCapture(int(source) if source.isdigit() else source)
    try:
        if not capture.isOpened():
            raise OSError(f"OpenCV can't open {source}")
        is_file = capture.get(cv2.CAP_PROP_FRAME_COUNT) > 0
        interval = 1 / (capture.get(cv2.CAP_PROP_FPS) or 25)
        due = time.monotonic()
        while not stop.is_set():
            there, image = capture.read()
            if not there:
                # A file begins again; a camera that gives nothing more is opened anew.
                if is_file and capture.set(cv2.CAP_PROP_POS_FRAMES, 0):
                    there, image = capture.read()
                if not there:
                    raise OSError(f"{source} gives no more pictures")

            # Your own work goes here: cv2.rectangle(image, ...), cv2.putText(image, ...)

            encoded, jpeg = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 80])
            if encoded:
                yield jpeg.tobytes()
            if is_file:
                # A camera sets the pace itself, a file can be read at any.
                due = max(due + interval, time.monotonic() - 1)
                stop.wait(due - time.monotonic())
    finally:
        capture.release()


def parts(source, server, camera):
    """The body of the request; tells who watches every few seconds."""
    told = time.monotonic()
    for count, jpeg in enumerate(pictures(source), start=1):
        head = f"--{BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
        yield head.encode() + jpeg + b"\r\n"
        if count == 1 or time.monotonic() - told >= 5:
            told = time.monotonic()
            readers = request(server, "GET", f"/api/cameras/{camera}")["readers"]
            print(f"{count} pictures sent, {len(readers)} watching", flush=True)
    yield f"--{BOUNDARY}--\r\n".encode()


def push(source, server, camera):
    """One request for as long as it lasts. Raises OSError when framehub or the camera is lost."""
    add_camera(server, camera)
    path = f"/api/cameras/{camera}/frames"
    content_type = f"multipart/x-mixed-replace; boundary={BOUNDARY}"
    answer = request(server, "POST", path, parts(source, server, camera), content_type)
    print(f"{answer['accepted']} pictures taken, {answer['rejected']} rejected", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("source", nargs="?", default="0", help="index of a webcam, file or URL")
    parser.add_argument("--server", default="http://127.0.0.1:5000", help="default: %(default)s")
    parser.add_argument("--camera", default="opencv", help="id in framehub, default: %(default)s")
    options = parser.parse_args()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())

    while not stop.is_set():
        try:
            push(options.source, options.server, options.camera)
        except Refused as refused:
            sys.exit(str(refused))
        except (OSError, http.client.HTTPException) as error:
            print(f"{error or type(error).__name__}; trying again", file=sys.stderr, flush=True)
            stop.wait(1)


if __name__ == "__main__":
    main()
