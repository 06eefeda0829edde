"""A mail server (aiosmtpd) that misbehaves on order, for tests/it/smtp.rs and tests/it/outbox/kills.rs.

First line on stdout: {"port": ..., "ca": ...}. Every mail whose final dot was read becomes one JSON line in
--store, decoded by Python's own e-mail parser. Recipients decide too, in every mode:
bad...@ 550 at RCPT, spam...@ 554 after the dot, busy...@ 452 after the dot.

--flaky SHARE keeps that share of the mails without an answer. --die-after COUNT ends all connections, listening
too, once so many mails are kept, and --away seconds later it is back as if nothing had been.
"""

import argparse
import asyncio
import base64
import email
import email.policy
import json
import logging
import pathlib
import random
import ssl
import subprocess
import sys
import tempfile
import warnings

from aiosmtpd.smtp import SMTP, AuthResult

# It is meant to misbehave: its own complaints about that would bury a test's message.
warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)

MODES = [
    "accept",
    "greylist",  # 451 for each recipient's first try
    "refuse-sender",  # 550 at MAIL
    "slow",  # --delay seconds before the answer to the dot
    "drop-before-data",  # closes instead of answering DATA
    "drop-in-text",  # answers 354, reads nothing more and closes
    "drop-after-dot",  # keeps the mail, closes without an answer
    "silent-after-dot",  # keeps the mail, never answers, stays open
    "drip",  # keeps the mail, answers one byte per second
    "odd-after-dot",  # keeps the mail, answers something that is not SMTP
    "silent-greeting",  # accepts the connection and says nothing
    "busy-greeting",  # 421 instead of a greeting
    "goodbye",  # 421 to the second mail of a connection, then closes
    "vanish",  # after one mail a connection is never answered again, and stays open
]


class Peer(SMTP):
    """One connection."""

    count = 0
    open = 0
    kept = 0
    all = set()
    seen = set()

    def __init__(self, handler, options, **kwargs):
        super().__init__(handler, enable_SMTPUTF8=True, **kwargs)
        self.options = options
        self.mails = 0

    def connection_made(self, transport):
        if self.transport is None:  # not again after STARTTLS
            Peer.count += 1
            Peer.open += 1
            self.number = Peer.count
            Peer.all.add(transport)
        super().connection_made(transport)

    def connection_lost(self, error):
        if not getattr(self, "gone", False):
            self.gone = True
            Peer.open -= 1
            Peer.all.discard(self.transport)
        super().connection_lost(error)

    async def _handle_client(self):
        if self.options.mode == "silent-greeting":
            await asyncio.sleep(3600)
        if self.options.mode == "busy-greeting":
            await self.push("421 4.3.2 too many connections, come back later")
            self.transport.close()
            return
        await super()._handle_client()

    async def smtp_MAIL(self, arg):
        if self.mails and self.options.mode == "vanish":
            await asyncio.sleep(3600)
        if self.mails and self.options.mode == "goodbye":
            await self.push("421 4.4.2 idle too long")
            self.transport.close()
            return
        await super().smtp_MAIL(arg)

    async def smtp_DATA(self, arg):
        if self.options.mode == "drop-before-data":
            self.transport.abort()
            return
        if self.options.mode == "drop-in-text":
            self.transport.pause_reading()
            await self.push("354 go on")
            await asyncio.sleep(0.2)
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


class Handler:
    """The decisions about one mail."""

    def __init__(self, options):
        self.options = options
        self.die = None

    async def handle_MAIL(self, server, session, envelope, address, mail_options):
        if self.options.mode == "refuse-sender":
            return "550 5.7.1 you are not allowed to send from here"
        envelope.mail_from = address
        envelope.mail_options.extend(mail_options)
        return "250 2.1.0 ok"

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if address.startswith("bad"):
            return f"550 5.1.1 <{address}> is nobody here"
        if self.options.mode == "greylist" and address not in Peer.seen:
            Peer.seen.add(address)
            return "451 4.7.1 greylisted, try again"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, server, session, envelope):
        mode = self.options.mode
        first = envelope.rcpt_tos[0]
        if first.startswith("spam"):
            return "554 5.7.1 looks like spam"
        if first.startswith("busy"):
            return "452 4.3.1 disk full"
        self.keep(server, envelope)
        server.mails += 1
        Peer.kept += 1
        if Peer.kept == self.options.die_after:
            asyncio.ensure_future(self.die())
        if random.random() < self.options.flaky:
            server.transport.abort()
        if mode == "slow":
            await asyncio.sleep(self.options.delay)
        if mode == "drop-after-dot":
            server.transport.abort()
        if mode == "silent-after-dot":
            await asyncio.sleep(3600)
        if mode == "drip":
            for byte in b"250 2.0.0 queued\r\n":
                server._writer.write(bytes([byte]))
                await server._writer.drain()
                await asyncio.sleep(1)
        if mode == "odd-after-dot":
            return "hello there"
        return f"250 2.0.0 queued as {server.number}-{server.mails}"

    def keep(self, server, envelope):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.SMTP)
        text = mail.get_body(("plain",))
        line = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "subject": mail["Subject"],
            "body": text.get_content() if text else "",
            "raw": base64.b64encode(envelope.content).decode(),
            "headers": [[name, value] for name, value in mail.items()],
            "defects": [str(defect) for defect in mail.defects],
            "connection": server.number,
            "open": Peer.open,
            "tls": server.session.ssl is not None or self.options.tls == "implicit",
            "login": server.session.auth_data.login.decode() if server.session.auth_data else None,
        }
        with open(self.options.store, "a", encoding="utf-8") as store:
            store.write(json.dumps(line, ensure_ascii=False) + "\n")


def certificates(folder):
    """An authority and a certificate for localhost, by openssl."""
    run = lambda *words: subprocess.run(["openssl", *words], check=True, capture_output=True, cwd=folder)
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    run("req", "-x509", *curve, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=test authority", "-days", "2")
    run("req", *curve, "-keyout", "key.pem", "-out", "request.pem", "-subj", "/CN=localhost")
    (folder / "names").write_text("subjectAltName=DNS:localhost\n")
    run("x509", "-req", "-in", "request.pem", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
        "-extfile", "names", "-out", "cert.pem")


async def main():
    options = argparse.ArgumentParser()
    options.add_argument("--mode", choices=MODES, default="accept")
    options.add_argument("--store", required=True)
    options.add_argument("--delay", type=float, default=1)
    options.add_argument("--idle", type=float, default=300)
    options.add_argument("--flaky", type=float, default=0)
    options.add_argument("--die-after", type=int, default=0)
    options.add_argument("--away", type=float, default=5)
    options.add_argument("--tls", choices=["none", "starttls", "implicit"], default="none")
    options.add_argument("--login", help="user:password")
    options = options.parse_args()

    more, listen, ca = {}, {}, None
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        if options.tls != "none":
            certificates(folder)
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
            ca = (folder / "ca.pem").read_text()
            if options.tls == "starttls":
                more = {"tls_context": context, "require_starttls": True}
            else:
                listen = {"ssl": context}
    if options.login:
        def check(server, session, envelope, mechanism, data):
            said = f"{data.login.decode()}:{data.password.decode()}"
            return AuthResult(success=said == options.login, auth_data=data, handled=False)
        more |= {"authenticator": check, "auth_required": True, "auth_require_tls": options.tls == "starttls"}

    loop = asyncio.get_running_loop()
    handler = Handler(options)
    factory = lambda: Peer(handler, options, hostname="peer.test", timeout=options.idle, loop=loop, **more)
    server = await loop.create_server(factory, "127.0.0.1", 0, **listen)
    port = server.sockets[0].getsockname()[1]

    async def die():
        server.close()
        for transport in list(Peer.all):
            transport.abort()
        await asyncio.sleep(options.away)
        await loop.create_server(factory, "127.0.0.1", port, **listen)

    handler.die = die
    print(json.dumps({"port": port, "ca": ca}), flush=True)
    # Ends with whoever started it: the pipe closes even if that one was killed.
    await loop.run_in_executor(None, sys.stdin.read)


asyncio.run(main())
