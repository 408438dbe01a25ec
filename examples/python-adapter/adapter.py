#!/usr/bin/env python3
"""An adapter with nothing but Python's standard library and docs/openapi.json.

It reads a PSP's file, one payment a line (id;account;reference;amount;currency;paid_at), and reports each to the hub:
register, heartbeats, one POST a payment on one connection, every failure tried again. How far it got is in FILE.done,
which is moved on only after the hub's acknowledgement: a crash sends some lines twice, and the hub counts each once.

usage: MOMO_URL=… MOMO_KEY=… MOMO_ADAPTER=… adapter.py FILE

The hub must know the PSP and the adapter, and the account that is paid; the PSP is "toy" unless MOMO_PSP names another:
  momo psps add toy; momo adapters add toy --psp toy; momo keys add 'toy 1' --scope adapter:toy
"""
import http.client
import json
import os
import signal
import sys
import threading
import time
import urllib.parse

PSP = os.environ.get("MOMO_PSP", "toy")
LEASE = 30  # seconds that the hub takes us for alive without hearing of us
WAIT_MAX = 30  # seconds between two tries at most


class Hub:
    """One connection to the hub. What fails is tried again until the hub has said yes or no."""

    def __init__(self, url, key):
        self.url, self.key, self.connection = urllib.parse.urlsplit(url), key, None

    def post(self, path, body):
        wait = 0.2
        while True:
            try:
                if self.connection is None:
                    kind = http.client.HTTPSConnection if self.url.scheme == "https" else http.client.HTTPConnection
                    self.connection = kind(self.url.netloc, timeout=20)
                headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
                self.connection.request("POST", self.url.path.rstrip("/") + path, json.dumps(body), headers)
                response = self.connection.getresponse()
                text = response.read()
                if response.status < 500 and response.status not in (408, 429):
                    return response.status, json.loads(text)
                wait_asked = response.headers.get("Retry-After", "")
                pause = min(int(wait_asked[:6]), WAIT_MAX) if wait_asked.isascii() and wait_asked.isdigit() else wait
            except (OSError, http.client.HTTPException, json.JSONDecodeError) as trouble:
                # Nobody knows whether the hub took it. Sending it again is safe: the hub knows repeats.
                print(f"trying again: {trouble!r}", file=sys.stderr)
                self.close()
                pause = wait
            time.sleep(pause)
            wait = min(wait * 2, WAIT_MAX)

    def close(self):
        if self.connection is not None:
            self.connection.close()
        self.connection = None


def beat(hub, adapter, stop):
    """Says that we live, three times in a lease."""
    while not stop.wait(LEASE / 3):
        hub.post(f"/v1/adapters/{adapter}/heartbeat", {"lease_seconds": LEASE})


def payment(line):
    reference, account, customer, amount, currency, paid_at = line.rstrip("\n").split(";")
    said = {"psp": PSP, "psp_reference": reference, "account_id": account, "amount": amount, "currency": currency, "paid_at": paid_at}
    return said | ({"reference_id": customer} if customer else {})


def keep(mark, done):
    """A crash leaves the old mark or the new one, never half of one."""
    with open(mark + ".new", "w", encoding="ascii") as file:
        file.write(str(done))
    os.replace(mark + ".new", mark)


def main():
    url, key, adapter = (os.environ.get(name) for name in ("MOMO_URL", "MOMO_KEY", "MOMO_ADAPTER"))
    if len(sys.argv) != 2 or not (url and key and adapter):
        print("usage: MOMO_URL=… MOMO_KEY=… MOMO_ADAPTER=… adapter.py FILE", file=sys.stderr)
        return 2
    path, mark = sys.argv[1], sys.argv[1] + ".done"
    hub, stop, refused, done = Hub(url, key), threading.Event(), 0, 0
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, lambda *_: stop.set())
    if os.path.exists(mark):
        with open(mark, encoding="ascii") as file:
            done = int(file.read())

    status, answer = hub.post(f"/v1/adapters/{adapter}/register", {"lease_seconds": LEASE})
    if status != 200:
        print(f"{answer.get('code')}: {answer.get('detail')}", file=sys.stderr)
        return 1
    threading.Thread(target=beat, args=(Hub(url, key), adapter, stop), daemon=True).start()
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if stop.is_set():
                break
            if number <= done:
                continue
            status, answer = hub.post("/v1/payments", payment(line))
            if status in (401, 403):
                print(f"{answer.get('code')}: {answer.get('detail')}", file=sys.stderr)
                return 1
            if status >= 300:
                refused += 1
                print(f"{answer.get('code')}: {answer.get('detail')}", file=sys.stderr)
            keep(mark, number)

    stop.set()
    hub.post(f"/v1/adapters/{adapter}/state", {"state": "down", "detail": "stopped"})
    print(f"done, {refused} refused")
    return 0 if refused == 0 else 3


if __name__ == "__main__":
    sys.exit(main())
