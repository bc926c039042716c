"""The floor: the same production server and web framework with an application that does nothing."""

import os

from flask import Flask, request
from granian import Granian
from granian.constants import Interfaces

PAGE = """<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>-</title>
<link rel="icon" href="data:,"><p>Nothing"""

app = Flask(__name__)


@app.get("/")
def page() -> str:
    """An empty page."""
    return PAGE


@app.post("/")
def post() -> tuple[str, int]:
    """An empty answer to a sent form that was read."""
    request.get_data()
    return "", 204


if __name__ == "__main__":
    Granian(
        target="benchmarks.floor:app",
        address="127.0.0.1",
        port=int(os.environ["FLOOR_PORT"]),
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=1,
        log_access=False,
        websockets=False,
    ).serve()
