//! What goes on the wire, and what cannot.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;
use chrono::TimeZone;

fn mail() -> Outgoing {
    Outgoing {
        to: "kim@example.org".into(),
        subject: "[제비] 구매 시간이 정해졌습니다".into(),
        body: "11월 24일(화) 10:00\n.\n통영시".into(),
        message_id: "<r1.e1.result.1@jebi.example>".into(),
        date: Utc.with_ymd_and_hms(2026, 11, 23, 1, 2, 3).unwrap(),
        ..Outgoing::default()
    }
}

fn sender() -> Mailbox {
    "통영시 <notice@tongyeong.example>".parse().unwrap()
}

#[test]
fn the_same_notice_is_the_same_bytes() {
    let first = compose(&mail(), &sender(), None).unwrap();
    assert_eq!(first.bytes, compose(&mail(), &sender(), None).unwrap().bytes);
    let text = String::from_utf8(first.bytes).unwrap();
    assert!(text.is_ascii());
    for line in [
        "Auto-Submitted: auto-generated\r\n",
        "Content-Type: text/plain; charset=utf-8\r\n",
        "Date: Mon, 23 Nov 2026 01:02:03 +0000\r\n",
        "MIME-Version: 1.0\r\n",
        "Message-ID: <r1.e1.result.1@jebi.example>\r\n",
        "To: kim@example.org\r\n",
    ] {
        assert!(text.contains(line), "{line:?} is missing in {text}");
    }
}

#[test]
fn nothing_can_add_a_header() {
    let refused = |change: fn(&mut Outgoing)| {
        let mut mail = mail();
        change(&mut mail);
        compose(&mail, &sender(), None).err().expect("must be refused")
    };
    assert_eq!(refused(|m| m.to = "a@b.example\r\nBcc: x@y.example".into()), Refusal::Recipient);
    assert_eq!(refused(|m| m.to = "a@b.example>\r\nDATA".into()), Refusal::Recipient);
    assert_eq!(refused(|m| m.to = "\"a b\"@b.example".into()), Refusal::Recipient);
    assert_eq!(refused(|m| m.to = format!("{}@b.example", "a".repeat(65))), Refusal::Recipient);
    assert_eq!(refused(|m| m.to = "nobody".into()), Refusal::Recipient);
    assert_eq!(refused(|m| m.subject = "hello\r\nBcc: x@y.example".into()), Refusal::Subject);
    assert_eq!(refused(|m| m.message_id = "<a@b>\r\nX: y".into()), Refusal::MessageId);
    for bad in ["a@b", "<a>", "<@b>", "<a@>", "<a b@c>", "<a@b[c]>", "<a@b@c>", "<a@>b>", "<가@b>"] {
        assert_eq!(message_id(bad), None, "{bad}");
    }
    assert_eq!(refused(|m| m.envelope_from = Some("<>".into())), Refusal::Sender);
    assert_eq!(refused(|m| m.body = "bell \u{7}".into()), Refusal::Body);
}

#[test]
fn a_lone_carriage_return_ends_a_line_and_nothing_else() {
    let mut mail = mail();
    mail.body = "one\r.\r\r\ntwo\n".into();
    let bytes = compose(&mail, &sender(), None).unwrap().bytes;
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.ends_with("\r\n\r\none\r\n.\r\n\r\ntwo"), "{text:?}");
}

#[test]
fn a_hangul_domain_becomes_ascii() {
    let mut mail = mail();
    mail.to = "kim@통영.한국".into();
    let composed = compose(&mail, &sender(), None).unwrap();
    assert!(composed.to.domain().starts_with("xn--"), "{}", composed.to);
    assert!(!composed.needs_utf8());
    assert!(message_id("<r1.e1@통영.한국>").unwrap().starts_with("<r1.e1@xn--"));
    assert_eq!(message_id("<r1.e1@[127.0.0.1]>").unwrap(), "<r1.e1@[127.0.0.1]>");
}

#[test]
fn debug_shows_neither_recipient_nor_text() {
    assert_eq!(format!("{:?}", mail()), "Outgoing { message_id: \"<r1.e1.result.1@jebi.example>\", .. }");
}

/// A splitmix64 sequence: the same odd strings in every run.
struct Odd(u64);

impl Odd {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % below as u64).unwrap()
    }

    fn text(&mut self, pieces: &[&str]) -> String {
        let length = if self.next(20) == 0 { 400 } else { 12 };
        (0..self.next(length)).map(|_| pieces[self.next(pieces.len())]).collect()
    }
}

#[test]
fn odd_strings_add_no_header_and_no_long_line() {
    let pieces: Vec<_> = "a·Bcc: x@y.example·가·힣·😀· ·  ·\"·\\·(·)·<·>·@·,·;·:·=?utf-8?B?·?=·=·.·\
            \u{2028}·\u{202e}·\u{feff}·e\u{301}·-"
        .split('·')
        .collect();
    let ends = ["\r", "\n", "\r\n", "\0", "\t", "\u{85}", "\r\n.\r\n", "word", "가", "\n.\n", "From "];
    let (mut odd, mut composed) = (Odd(1), 0);
    for _ in 0..5_000 {
        let mut mail = mail();
        mail.subject = odd.text(&pieces);
        mail.body =
            if odd.next(2) == 0 { odd.text(&pieces) } else { odd.text(&ends[..odd.0 as usize % 10 + 1]) };
        if odd.next(10) == 0 {
            mail.subject.push_str(ends[odd.next(6)]);
        }
        if odd.next(4) == 0 {
            mail.to = format!("{}@{}", odd.text(&pieces), odd.text(&["a", "가", ".", "example"]));
        }
        let sender = Mailbox::new(Some(odd.text(&pieces)), "notice@tongyeong.example".parse().unwrap());
        let Ok(whole) = compose(&mail, &sender, None) else { continue };
        composed += 1;
        let text = String::from_utf8(whole.bytes).unwrap();
        let (head, _) = text.split_once("\r\n\r\n").unwrap();
        let names: Vec<_> = head
            .split("\r\n")
            .filter(|line| !line.starts_with([' ', '\t']))
            .map(|line| line.split_once(':').unwrap().0)
            .collect();
        let expected = "From To Subject Date Message-ID MIME-Version Auto-Submitted \
            Content-Type Content-Transfer-Encoding";
        assert_eq!(names.join(" "), expected, "{mail:?} {:?} {head}", mail.subject);
        assert!(text.split("\r\n").all(|line| line.len() <= 998 && !line.contains(['\r', '\n'])), "{text:?}");
    }
    assert!(composed > 2_500, "only {composed} were composed");
}
