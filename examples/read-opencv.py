#!/usr/bin/env python3
"""Reads a camera of framehub with OpenCV and tells how much moves in it.

    npx framehub                                  # in another terminal
    python3 read-opencv.py                        # its first camera
    python3 read-opencv.py "http://127.0.0.1:5000/cameras/front/stream.mjpg?placeholder=false"

Needs OpenCV: pip install opencv-python, or Debian's python3-opencv.
"""

import signal
import sys
import threading

import cv2

# framehub sends words as a picture while a camera is away; a program that looks at pictures wants
# only the camera's own.
url = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:5000/video_feed?placeholder=false"

stop = threading.Event()
for name in (signal.SIGINT, signal.SIGTERM):
    signal.signal(name, lambda *_: stop.set())

while not stop.is_set():
    capture = cv2.VideoCapture(url)
    before = None
    while not stop.is_set():
        there, image = capture.read()
        if not there:
            break
        grey = cv2.GaussianBlur(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), (9, 9), 0)
        if before is not None and before.shape == grey.shape:
            moving = (cv2.absdiff(grey, before) > 15).mean()
            print(f"{image.shape[1]}x{image.shape[0]}: {moving:.1%} moves", flush=True)
        before = grey
    capture.release()
    if not stop.is_set():
        print(f"No picture from {url}; trying again", file=sys.stderr, flush=True)
        stop.wait(1)
