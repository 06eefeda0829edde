//! Reports as RFC 3464 shows them, and what is none.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;

fn mail(kind: &str, status_part: &str) -> String {
    format!(
        "From: Mail Delivery Subsystem <MAILER-DAEMON@CS.UTK.EDU>\r\nTo: <bounce+1.0@example.org>\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type={kind};\r\n boundary=\"B\"\r\n\r\n\
         --B\r\n\r\nThe original message was received\r\n\r\n--B\r\nContent-Type: message/{kind}\r\n\r\n\
         {status_part}\r\n\r\n--B\r\nContent-Type: message/rfc822\r\n\r\nSubject: hello\r\n\r\nAction: failed\r\n\r\n--B--\r\n"
    )
}

fn read(text: &str) -> Report {
    report(&MessageParser::default().parse(text.as_bytes()).unwrap())
}

fn failed(status: &str, hard: bool) -> Report {
    Report::Failed { status: status.to_owned(), hard }
}

/// RFC 3464 appendix E.1 and E.3, shortened; E.2 and E.4 are delays.
#[test]
fn the_samples_of_the_rfc_are_read() {
    let one = "Reporting-MTA: dns; cs.utk.edu\r\n\r\nOriginal-Recipient: rfc822;louisl@larry.slip.umd.edu\r\n\
               Final-Recipient: rfc822;louisl@larry.slip.umd.edu\r\nAction: failed\r\nStatus: 4.0.0\r\n\
               Diagnostic-Code: smtp; 426 connection timed out\r\nLast-Attempt-Date: Thu, 7 Jul 1994 17:15:49 -0400";
    assert_eq!(read(&mail("delivery-status", one)), failed("4.0.0", false));
    let unknown = "Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822;kim@example.org\r\n\
                   Action: failed\r\nStatus: 5.1.1 (bad destination mailbox address)";
    assert_eq!(read(&mail("delivery-status", unknown)), failed("5.1.1", true));
    let delayed = "Reporting-MTA: dns; sun2.nsfnet-relay.ac.uk\r\n\r\nFinal-Recipient: rfc822;thomas@de-montfort.ac.uk\r\n\
                   Status: 4.0.0 (unknown temporary failure)\r\nAction: delayed";
    assert_eq!(read(&mail("delivery-status", delayed)), Report::Delayed);
}

#[test]
fn what_is_about_today_does_not_kill_an_address() {
    let with = |status: &str| {
        let text = format!(
            "Reporting-MTA: dns; a\r\n\r\nFinal-Recipient: rfc822;a@b.c\r\nAction: failed\r\nStatus: {status}"
        );
        read(&mail("delivery-status", &text))
    };
    for (status, hard) in [
        ("5.1.1", true),
        ("5.1.10", true),
        ("5.2.1", true),
        ("5.4.4", true),
        ("5.2.2", false),
        ("5.7.1", false),
        ("5.3.4", false),
        ("4.4.7", false),
    ] {
        assert_eq!(with(status), failed(status, hard));
    }
    assert_eq!(with("nonsense"), failed("5.0.0", false));
    assert_eq!(with("5.1.1.1"), failed("5.0.0", false));
}

#[test]
fn everything_else_is_no_report() {
    for other in [
        "Subject: I am on holiday\r\nAuto-Submitted: auto-replied\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n"
            .to_owned(),
        mail("disposition-notification", "Action: failed\r\nStatus: 5.1.1"),
        mail(
            "delivery-status",
            "Reporting-MTA: dns; a\r\n\r\nFinal-Recipient: rfc822;a@b.c\r\nAction: relayed\r\nStatus: 2.0.0",
        ),
    ] {
        assert_eq!(read(&other), Report::Other, "{other}");
    }
}
