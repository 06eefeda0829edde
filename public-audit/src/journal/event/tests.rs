use super::*;

fn acts() -> Vec<Act> {
    let d = |byte| Digest([byte; 32]);
    let reason = "전기가 나갔다 100%, \"again\" = a+b~c".to_owned();
    vec![
        Act::Announced { number: 1, rules: d(1) },
        Act::Entered { batch: 3, changes: 9_999_999_999_999_999, digest: d(2) },
        Act::Closed,
        Act::Sealed { version: 2, entries: 0, root: d(3), seal: d(4) },
        Act::Revealed { seed: d(5) },
        Act::Pulse { pulse: Digest::ZERO },
        Act::Drawn { seed: d(6), result: d(7), root: d(8) },
        Act::Offered { offer: 1000, changes: 0, digest: d(9) },
        Act::Shifted {
            from: "2026-12-02T00:00:00Z".parse().unwrap(),
            seconds: MAX_SHIFT,
            reason: "𝄞".repeat(MAX_REASON),
        },
        Act::Extended {
            from: "2026-12-02T00:00:00Z".parse().unwrap(),
            until: "2026-12-02T00:00:00Z".parse().unwrap(),
            seconds: 1,
            reason: "𝄞".repeat(MAX_REASON),
        },
        Act::Worded { digest: d(9) },
        Act::Held { reason: reason.clone() },
        Act::Released { reason: "𝄞".repeat(MAX_REASON) },
        Act::Voided { reason },
        Act::Erased { people: 0 },
    ]
}

#[test]
fn every_act_returns() {
    for act in acts() {
        let at = "2026-11-20T00:00:00Z".parse().unwrap();
        let event = Event { at, round: "a".repeat(64).parse().unwrap(), act };
        let line = event.to_string();
        assert!(line.len() <= MAX_LINE && line.bytes().all(|b| (0x20..0x7f).contains(&b)), "{line}");
        assert_eq!(line.parse::<Event>().as_ref(), Ok(&event), "{line}");
        assert_eq!(event.leaf(), merkle::leaf(line.as_bytes()));
        assert_eq!(line.split(' ').nth(1), Some(event.act.kind()));
        // Nothing more, nothing less, nothing twice.
        for bad in [format!("{line} "), format!(" {line}"), format!("{line} x=1"), format!("{line}\n")] {
            assert!(bad.parse::<Event>().is_err(), "{bad}");
        }
        if let Some((shorter, _)) = line.rsplit_once(' ').filter(|_| event.act != Act::Closed) {
            assert!(shorter.parse::<Event>().is_err(), "{shorter}");
        }
    }
}

#[test]
fn one_spelling() {
    let at = |rest: &str| format!("2026-11-20T00:00:00Z {rest}").parse::<Event>();
    assert!(at("voided t reason=a%20b").is_ok());
    for bad in [
        "voided t reason=",
        "voided t reason=a b",
        "voided t reason=%61",
        "voided t reason=%2f",
        "voided t reason=a+b",
        "voided t reason=%",
        "voided t reason=%2",
        "voided t reason=%C3",
        "voided t reason=%0A",
        "voided t reason=%C2%85",
        "voided t Reason=a",
        "erased t people=01",
        "erased t people=-1",
        "erased t people=12345678901234567",
        "entered t batch=0 changes=1 digest=00",
        "offered t offer=0 changes=1 digest=0000000000000000000000000000000000000000000000000000000000000000",
        "shifted t from=2026-12-02T00:00:00Z seconds=0 reason=a",
        "shifted t from=2026-12-02T00:00:00Z seconds=2678401 reason=a",
        "shifted t from=2026-12-02 seconds=1 reason=a",
        "shifted t from=2026-12-02T00:00:00Z seconds=1",
        "extended t from=2026-12-02T00:00:01Z until=2026-12-02T00:00:00Z seconds=1 reason=a",
        "extended t from=2026-12-02T00:00:00Z until=2026-12-02T00:00:00Z seconds=2678401 reason=a",
        "extended t until=2026-12-02T00:00:00Z from=2026-12-02T00:00:00Z seconds=1 reason=a",
        "extended t from=2026-12-02T00:00:00Z seconds=1 reason=a",
        "gone t",
        "closed T",
        "closed ",
        "closed",
    ] {
        assert!(at(bad).is_err(), "{bad}");
    }
    assert!(!is_reason("") && !is_reason("a\u{7f}") && !is_reason(&"a".repeat(1001)));
}
