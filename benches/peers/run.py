#!/usr/bin/env python3
"""Times the clients of Smartsheet side by side, each as a whole process: see README.md."""

import argparse
import functools
import http.server
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PYTHON_SDK = "smartsheet-python-sdk==4.4.0"
JS_SDK = "smartsheet@5.3.0"


class Sheet(http.server.BaseHTTPRequestHandler):
    """Answers every request with the same sheet."""

    protocol_version = "HTTP/1.1"

    def __init__(self, body, *args):
        self.body = body
        super().__init__(*args)

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "application/json;charset=UTF-8")
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_):
        pass


def serve(body):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Sheet, body))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_address[1]}/2.0"


def peak_mib(pid):
    """The most memory a process held, as far as it has come. Its own figure at the end would begin with this one's."""
    with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as status:
        kib = [int(line.split()[1]) for line in status if line.startswith("VmHWM:")]
    return kib[0] / 1024 if kib else 0


def measured(command, **options):
    """Wall seconds and peak MiB of a process, and what it printed: cells, and the seconds of the call alone."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **options)
    peak = 0
    while process.poll() is None:
        try:
            peak = max(peak, peak_mib(process.pid))
        except (FileNotFoundError, ProcessLookupError):
            break
        time.sleep(0.002)
    printed, _ = process.communicate()
    seconds = time.perf_counter() - started
    if process.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))} ended with {process.returncode}")
    cells, call = printed.split()[-2:]
    return {"seconds": seconds, "call": float(call), "peak_mib": peak, "cells": int(cells)}


def python_sdk(folder):
    python = folder / "python" / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", folder / "python"], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", PYTHON_SDK], check=True)
    return [python, HERE / "get_sheet.py"], {}


def js_sdk(folder):
    modules = folder / "js" / "node_modules"
    if not modules.exists():
        (folder / "js").mkdir(parents=True, exist_ok=True)
        install = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", folder / "js", JS_SDK]
        subprocess.run(install, check=True)
    return ["node", HERE / "get_sheet.js"], {"env": {**os.environ, "NODE_PATH": str(modules)}}


def peer(folder):
    if "PEER" in os.environ:
        return os.environ["PEER"]
    build = ["cargo", "build", "--release", "--quiet", "-p", "connectors-benches", "--bin", "peer"]
    subprocess.run(build, cwd=ROOT, check=True)
    metadata = ["cargo", "metadata", "--no-deps", "--format-version", "1"]
    target = json.loads(subprocess.run(metadata, cwd=ROOT, check=True, capture_output=True).stdout)["target_directory"]
    return os.path.join(target, "release", "peer")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--columns", type=int, default=25)
    parser.add_argument("--runs", type=int, default=3, help="of each client but the Python SDK, which has one")
    parser.add_argument("--folder", type=pathlib.Path, help="keeps what is installed there; a temporary one if not given")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    folder = args.folder or pathlib.Path(tempfile.mkdtemp(prefix="peers-"))
    try:
        results = run(args, folder.resolve())
    finally:
        if not args.folder:
            shutil.rmtree(folder)
    if args.json:
        print(json.dumps(results, indent=2))
        return
    print(f"{'':34}{'process s':>10}{'call s':>10}{'peak MiB':>10}")
    for result in results:
        if "note" in result:
            print(f"{result['name']:34}not measured: {result['note']}")
        else:
            print(f"{result['name']:34}{result['seconds']:10.2f}{result['call']:10.2f}{result['peak_mib']:10.0f}")


def run(args, folder):
    folder.mkdir(parents=True, exist_ok=True)
    ours = peer(folder)
    file = folder / "sheet.json"
    subprocess.run([ours, "generate", file, str(args.rows), str(args.columns)], check=True)
    body = file.read_bytes()
    url = serve(body)
    print(f"{args.rows} x {args.columns} cells, {len(body) / 1e6:.1f} MB, from {url}", file=sys.stderr)
    clients = [
        ("connectors-smartsheet, owned", lambda: ([ours, "owned"], {})),
        ("connectors-smartsheet, row stream", lambda: ([ours, "stream"], {})),
        ("smartsheet-rs 0.6.2, model only", lambda: ([ours, "smartsheet-rs"], {})),
        (f"JavaScript SDK {JS_SDK.rpartition('@')[2]}", lambda: js_sdk(folder)),
        (f"Python SDK {PYTHON_SDK.rpartition('==')[2]}", lambda: python_sdk(folder)),
    ]
    results = []
    for name, prepare in clients:
        print(f"measuring {name} ...", file=sys.stderr)
        try:
            command, options = prepare()
            runs = [measured([*command, url], **options) for _ in range(1 if "Python" in name else args.runs)]
        except (OSError, subprocess.CalledProcessError, RuntimeError) as error:
            results.append({"name": name, "note": str(error)})
            continue
        cells = {run["cells"] for run in runs}
        if cells != {args.rows * args.columns}:
            results.append({"name": name, "note": f"it read {cells} cells"})
            continue
        medians = {key: statistics.median(run[key] for run in runs) for key in ("seconds", "call", "peak_mib")}
        results.append({"name": name, **medians})
    return results


if __name__ == "__main__":
    main()
