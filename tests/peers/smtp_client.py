"""Python's smtplib as an independent client, to judge the demo's mailbox. Argument: its port."""

import smtplib
import socket
import sys
from email.message import EmailMessage
from email.header import Header
from email.mime.text import MIMEText

port = int(sys.argv[1])

with smtplib.SMTP("127.0.0.1", port, local_hostname="client.test") as client:
    assert client.ehlo()[0] == 250
    assert client.has_extn("8bitmime")
    assert client.noop()[0] == 250

    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@b.example", "kim@example.org", "[제비] 인증번호 안내"
    mail["Message-ID"] = "<one@b.example>"
    mail.set_content("인증번호는 123456 입니다.\n.\n..\n끝\n", cte="quoted-printable")
    assert client.send_message(mail, to_addrs=["kim@example.org", "Lee@Example.org"]) == {}

    old = MIMEText("두 번째 편지", _charset="utf-8")
    old["Subject"] = Header("아주 긴 제목 " * 20, "utf-8")
    assert client.sendmail("a@b.example", ["kim@example.org"], old.as_string()) == {}

    assert client.mail("x@y.example")[0] == 250
    assert client.rset()[0] == 250
    assert client.rcpt("nobody@example.org")[0] == 503, "a recipient before a sender"
    assert client.docmd("NONSENSE")[0] == 500

# RFC 2920: commands in one packet, and replies in order.
with socket.create_connection(("127.0.0.1", port)) as raw:
    lines = raw.makefile("rb")
    assert lines.readline().startswith(b"220 ")
    raw.sendall(
        b"HELO client.test\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<park@example.org>\r\nDATA\r\n"
    )
    assert [lines.readline()[:3] for _ in range(4)] == [b"250", b"250", b"250", b"354"]
    raw.sendall(b"Subject: plain\r\n\r\n..one dot\r\n.\r\nQUIT\r\n")
    assert [lines.readline()[:3] for _ in range(2)] == [b"250", b"221"]
    assert lines.readline() == b"", "closed after QUIT"

# A mail without its final dot is no mail.
with socket.create_connection(("127.0.0.1", port)) as raw:
    raw.sendall(b"HELO c\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<half@example.org>\r\nDATA\r\nSubject: half\r\n\r\nha")

print("ok")
