"""The usual way to stream a camera with Flask, as small as it can be written.

A background thread takes pictures and wakes every viewer through an event of its own; every viewer
is a generator in a thread of the server. The camera is a folder of JPEG files in memory, and the time
is written into each picture when it is taken (bench/stamp.h).

    flask_app.py FOLDER FPS HOST
"""
import logging
import sys
import threading
import time
from pathlib import Path

from flask import Flask, Response

STAMP = b"framehub-bench "
STAMP_AT = 6

folder, fps, host = sys.argv[1], int(sys.argv[2]), sys.argv[3]
files = [path.read_bytes() for path in sorted(Path(folder).glob("*.jpg"))]
app = Flask(__name__)
logging.getLogger("werkzeug").addFilter(lambda record: "GET" not in record.getMessage())


class CameraEvent:
    """An event for each viewer, set when there is a new picture."""

    def __init__(self):
        self.events = {}

    def wait(self):
        ident = threading.get_ident()
        if ident not in self.events:
            self.events[ident] = [threading.Event(), time.time()]
        return self.events[ident][0].wait()

    def set(self):
        now = time.time()
        gone = []
        for ident, event in list(self.events.items()):
            if not event[0].is_set():
                event[0].set()
                event[1] = now
            elif now - event[1] > 5:
                gone.append(ident)
        for ident in gone:
            self.events.pop(ident, None)

    def clear(self):
        self.events[threading.get_ident()][0].clear()


class Camera:
    def __init__(self):
        self.frame = None
        self.event = CameraEvent()
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        start, turn = time.monotonic(), 0
        while True:
            self.frame = self.take(turn)
            self.event.set()
            turn += 1
            time.sleep(max(0, start + turn / fps - time.monotonic()))

    @staticmethod
    def take(turn):
        picture = files[turn % len(files)]
        at = STAMP_AT + len(STAMP)
        if picture[STAMP_AT:at] != STAMP:
            return picture
        return picture[:at] + b"%016d" % (time.time_ns() // 1000) + picture[at + 16 :]

    def get_frame(self):
        self.event.wait()
        self.event.clear()
        return self.frame


camera = Camera()


def generate():
    yield b"--frame\r\n"
    while True:
        frame = camera.get_frame()
        length = str(len(frame)).encode()
        yield (
            b"Content-Type: image/jpeg\r\nContent-Length: " + length + b"\r\n\r\n" + frame + b"\r\n--frame\r\n"
        )


@app.route("/video_feed")
def video_feed():
    return Response(generate(), mimetype="multipart/x-mixed-replace; boundary=frame")


if __name__ == "__main__":
    app.run(host=host, port=0, threaded=True)
