#!/usr/bin/env python3
"""A small seller, to be read and taken apart: what a seller's system does at levels 1, 2 and 3 of docs/sellers.md.

An example, not a product: sales are kept in memory, and payments only pretend. Needs Python 3.11 and PyJWT[crypto].

    seller.py --jebi http://127.0.0.1:8080 --round SLUG --name bank --key KEY [--secret whsec_…] [--port 0]

    GET  /buy?handover=…            level 1: whom jebi's gate lets through
    POST /buy  {"receipt": "…"}     level 2: whoever stands on the list of the hour
    POST /buy  {"pass": "…"}        level 3: whoever has a pass
    POST /hook                      level 3: what jebi tells
    GET  /sales.csv                 what was sold, for `jebi reconcile` and `jebi bought`
    GET  /paid                      how many payments were taken: as many as sales, or somebody paid twice
    POST /control {…}               for rehearsals: payment = ok | fail | lost, down, skew (seconds)
"""
import argparse
import base64
import contextlib
import csv
import datetime
import hashlib
import hmac
import io
import json
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import jwt  # PyJWT


class Refused(Exception):
    """What a customer is told."""


class Seller:
    def __init__(self, options):
        self.options = options
        self.lock = threading.Lock()
        self.sales = {}  # by receipt or hand-over: (when, won)
        self.paying = set()  # for whom a payment goes on
        self.paid = 0  # payments that were taken
        self.off = 0  # seconds by which this clock is wrong, as the last list shows
        self.told = {}  # by message id
        self.control = {"payment": "ok", "down": False, "skew": 0}
        self.keys = {}

    # --- jebi ---

    def ask(self, method, path, body=None, once=None):
        request = urllib.request.Request(self.options.jebi + path, method=method)
        request.add_header("Authorization", "Bearer " + self.options.key)
        if once:
            request.add_header("Idempotency-Key", once)
        data = None
        if body is not None:
            request.add_header("Content-Type", "application/json")
            data = json.dumps(body).encode()
        elif method == "POST":
            data = b""
        try:
            with urllib.request.urlopen(request, data, timeout=10) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read()

    def now(self):
        """This system's clock. In a rehearsal jebi's time is another than the world's, so it is asked for."""
        if self.options.clock_of_jebi:
            _, _, body = self.ask("GET", f"/rounds/{self.options.round}/moment")
            return json.loads(body)["now"] / 1000 + self.control["skew"]
        return time.time() + self.control["skew"]

    def claims(self, token, typ):
        """A token's claims, if jebi signed it for this seller. Times are looked at by whoever asks."""
        try:
            header = jwt.get_unverified_header(token)
            if header.get("typ") != typ:
                raise Refused("this is something else")
            if header["kid"] not in self.keys:
                _, _, body = self.ask("GET", "/.well-known/jwks.json")
                self.keys = {key.key_id: key for key in jwt.PyJWKSet.from_dict(json.loads(body)).keys}
            return jwt.decode(
                token, self.keys[header["kid"]], algorithms=["EdDSA"], audience=self.options.name,
                issuer=self.options.jebi_url,
                options={"verify_exp": False, "verify_nbf": False, "require": ["exp", "nbf", "aud", "iss"]},
            )
        except (jwt.PyJWTError, KeyError) as error:
            raise Refused(f"not signed by jebi for us: {error}") from error

    # --- selling ---

    def pay(self):
        """True: paid. False: the payment failed. None: nobody knows yet."""
        paid = {"ok": True, "fail": False, "lost": None}[self.control["payment"]]
        with self.lock:
            self.paid += paid is True
        return paid

    @contextlib.contextmanager
    def order(self, name):
        """One order at a time for each, begun before any money is taken: a double click pays once."""
        with self.lock:
            if name in self.sales or name in self.paying:
                raise Refused("bought already, or being paid for")
            self.paying.add(name)
        try:
            yield
        finally:
            with self.lock:
                self.paying.discard(name)

    def sell(self, name, won):
        with self.lock:
            self.sales[name] = (self.now() - self.off, won)

    def let_through(self, token):
        """Level 1."""
        claims = self.claims(token, "jebi-handover+jwt")
        # A gate is for people who come now; a clock that is some seconds off must not send them away.
        if not claims["nbf"] - 60 <= self.now() < claims["exp"] + 60:
            raise Refused("this hand-over is over: go back to your page")
        with self.order(claims["jti"]):
            if self.pay() is not True:
                raise Refused("the payment failed: go back to your page and come again")
            self.sell(claims["jti"], claims["amount"])

    def on_list(self, receipt):
        """Level 2."""
        status, headers, body = self.ask("GET", f"/api/v1/rounds/{self.options.round}/allow-list")
        if status != 200:
            raise Refused("no list")
        claims = self.claims(headers["jebi-list"], "jebi-list+jwt")
        if hashlib.sha256(body).hexdigest() != claims["sha256"]:
            raise Refused("the list was changed on its way")
        self.off = self.now() - claims["at"]  # Whatever our clock says: nobody buys a second early.
        for line in csv.DictReader(io.StringIO(body.decode())):
            if line["receipt"] == receipt:
                starts, ends = (datetime.datetime.fromisoformat(line[x]).timestamp() for x in ("from", "until"))
                if not starts <= self.now() - self.off < ends:
                    raise Refused("not your time")
                with self.order(receipt):
                    if self.pay() is not True:
                        raise Refused("the payment failed: try again")
                    return self.sell(receipt, int(line["amount"]))
        raise Refused("not on the list of this hour")

    def with_pass(self, token):
        """Level 3. jebi's clock decides, not ours: whatever ours says, we ask."""
        self.claims(token, "jebi-pass+jwt")
        path = f"/api/v1/rounds/{self.options.round}/reservations"
        # The same pass at the same moment is one order: a double click meets the same reservation.
        status, _, body = self.ask("POST", path, {"pass": token}, str(uuid.uuid4()))
        held = json.loads(body)
        if status != 201:
            raise Refused(held["detail"] + " " + held["next"])
        paid = self.pay()
        if paid is None:  # We stand still. jebi gives the place back to the resident.
            raise Refused("nobody knows yet")
        what = "redeem" if paid else "fail"
        once = f"{what}-{held['id']}"
        for _ in range(5):  # The same key each time: asked five times, it counts once.
            status, _, body = self.ask("POST", f"{path}/{held['id']}/{what}", None, once)
            if status < 500:
                break
        if not paid:
            raise Refused("the payment failed; the same pass is good until " + json.loads(body)["pass_until"])
        if status != 200:
            raise Refused("give the money back: " + json.loads(body)["detail"])
        self.sell(held["receipt"], held["amount"])

    def hear(self, headers, body):
        """A webhook (Standard Webhooks). Heard twice, it is known by its id."""
        name, at = headers["webhook-id"], headers["webhook-timestamp"]
        key = base64.b64decode(self.options.secret.removeprefix("whsec_"))
        mac = hmac.new(key, f"{name}.{at}.".encode() + body, hashlib.sha256).digest()
        ours = "v1," + base64.b64encode(mac).decode()
        if not any(hmac.compare_digest(ours, other) for other in headers["webhook-signature"].split()):
            raise Refused("not signed")
        if abs(time.time() - int(at)) > 300:
            raise Refused("too old")
        self.told[name] = json.loads(body)

    def list_of_sales(self):
        rows = io.StringIO()
        rows.write("receipt,time,amount\n")
        for name, (at, won) in sorted(self.sales.items()):
            when = datetime.datetime.fromtimestamp(at, datetime.timezone.utc).isoformat(timespec="seconds")
            rows.write(f"{name},{when},{won}\n")
        return rows.getvalue()


class Requests(BaseHTTPRequestHandler):
    seller: Seller

    def answer(self, status, text, kind="text/plain; charset=utf-8"):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def tried(self, work):
        if self.seller.control["down"]:
            return self.answer(503, "we stand still")
        try:
            work()
            self.answer(200, "sold")
        except Refused as refused:
            self.answer(409, str(refused))

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        asked = urllib.parse.parse_qs(url.query)
        if url.path == "/sales.csv":
            self.answer(200, self.seller.list_of_sales(), "text/csv; charset=utf-8")
        elif url.path == "/paid":
            self.answer(200, str(self.seller.paid))
        elif url.path == "/told":
            self.answer(200, json.dumps(list(self.seller.told.values())), "application/json")
        elif url.path == "/buy" and "handover" in asked:
            self.tried(lambda: self.seller.let_through(asked["handover"][0]))
        else:
            self.answer(404, "nothing here")

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path == "/control":
            self.seller.control.update(json.loads(body))
            self.answer(200, "so be it")
        elif self.path == "/hook":
            self.tried(lambda: self.seller.hear(self.headers, body))
        elif self.path == "/buy":
            asked = json.loads(body)
            if "pass" in asked:
                self.tried(lambda: self.seller.with_pass(asked["pass"]))
            else:
                self.tried(lambda: self.seller.on_list(asked["receipt"]))
        else:
            self.answer(404, "nothing here")

    def log_message(self, *_):
        """Nobody's pass belongs into a log."""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jebi", required=True, help="where jebi is reached")
    parser.add_argument("--jebi-url", help="jebi's public address, if it is another: the `iss` of passes")
    parser.add_argument("--round", required=True)
    parser.add_argument("--name", required=True, help="as the round calls this seller")
    parser.add_argument("--key", required=True)
    parser.add_argument("--secret", default="whsec_", help="of webhooks")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--clock-of-jebi", action="store_true", help="for rehearsals, in which time is another")
    options = parser.parse_args()
    options.jebi_url = options.jebi_url or options.jebi
    Requests.seller = Seller(options)
    server = ThreadingHTTPServer(("127.0.0.1", options.port), Requests)
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
