"""Reads a mail with programs we did not write: dkimpy, Python's e-mail parser, the icalendar package.

One JSON object on standard input, one on standard output:
{"raw": base64, "keys": {"selector._domainkey.domain": "v=DKIM1; …"}}
"""

import base64
import email
import email.policy
import json
import sys

import dkim
import icalendar

asked = json.load(sys.stdin)
raw = base64.b64decode(asked["raw"])


def txt(name, timeout=5):
    record = asked["keys"].get(name.decode().rstrip("."))
    return record.encode() if record else None


def signed():
    try:
        return dkim.verify(raw, dnsfunc=txt)
    except dkim.DKIMException as error:
        return f"{error}"


def event(text):
    calendar = icalendar.Calendar.from_ical(text)
    [event] = calendar.walk("VEVENT")
    start, end = (event.get(name) for name in ("DTSTART", "DTEND"))
    return {
        "method": str(calendar["METHOD"]),
        "product": str(calendar["PRODID"]),
        "uid": str(event["UID"]),
        "sequence": int(event["SEQUENCE"]),
        "status": str(event["STATUS"]),
        "stamp": event["DTSTAMP"].dt.isoformat(),
        "start": start.dt.isoformat() if start else None,
        "end": end.dt.isoformat() if end else None,
        "summary": str(event["SUMMARY"]),
        "alarms": [alarm["TRIGGER"].dt.total_seconds() for alarm in event.walk("VALARM")],
    }


mail = email.message_from_bytes(raw, policy=email.policy.SMTP)
parts = [part for part in mail.walk() if not part.is_multipart()]
found = lambda kind: next((part for part in parts if part.get_content_type() == kind), None)
calendar = found("text/calendar")
json.dump(
    {
        "signed": signed(),
        "kinds": [part.get_content_type() for part in mail.walk()],
        "plain": found("text/plain").get_content(),
        "html": found("text/html").get_content() if found("text/html") else None,
        "event": event(calendar.get_content()) if calendar else None,
        "event_method": calendar.get_content_type() and calendar.get_param("method") if calendar else None,
        "headers": [[name, value] for name, value in mail.items()],
        "defects": [str(defect) for part in mail.walk() for defect in part.defects],
    },
    sys.stdout,
    ensure_ascii=False,
)
