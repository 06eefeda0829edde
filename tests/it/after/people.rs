//! Who hears of it: everybody in a joint entry, and everybody on a roster who can be reached.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use entities::round;
use jebi::{
    domain::{
        contact::{Channel, Contact},
        event::Wanted,
        roster::MatchBy,
    },
    lifecycle::{
        after::shift::{shift, shifting},
        together,
    },
    notify::content::CONTACT,
};

use super::{
    DAY, OFFERS,
    modes::{self, after},
    moves, places, reasons, receipts, staff, told, verified_after, with_after,
};
use crate::{
    roster::{imported, people, serving},
    support::{Engine, TestApp, both, kst},
    who::{self, PARITY, wanted},
};

both!(
    everybody_in_an_entry_hears_of_shifts_second_times_and_lapses,
    everybody_on_a_roster_who_can_be_reached_hears_of_them_too,
);

/// How often this receipt was told each of these.
async fn heard(t: &TestApp, receipt: &str) -> [usize; 4] {
    let all = reasons(t, receipt).await;
    ["result", "shifted", "caught_up", "lapsed"]
        .map(|reason| all.iter().filter(|heard| *heard == reason).count())
}

async fn stands_still(t: &TestApp, round: &round::Model, from: &str) {
    let row = t.row(round).await;
    let to_come = shifting(&t.app, &row, kst(from), 35 * 60, "정전").await.unwrap();
    shift(&t.app, &row, to_come, &staff(), t.now()).await.unwrap();
}

async fn everybody_in_an_entry_hears_of_shifts_second_times_and_lapses(engine: Engine) {
    let t = TestApp::start(engine).await;
    let more = format!("{PARITY}[joint]\nmost = 3\n{}", after());
    let round = t.announced(who::round("mode = \"everyone\"", &more)).await;
    t.jump(round.opens_at);
    let opened = t.round(&round).await;
    let person = |address: &str| {
        let contact = Contact::parse(Channel::Email, address).unwrap();
        let person_sealed = t.app.keys.people().seal(CONTACT, &contact);
        let receipt = opened.receipt(&contact.person_key()).unwrap().to_string();
        (receipt, Wanted { person_sealed, ..wanted(100_000, "birth_parity=even") })
    };
    let (lead, wanted) = person("minji@example.org");
    together::enter(&t.app, &opened, &lead, wanted, None).await.unwrap();
    let code = together::code(&t.app, &opened, &lead).await.unwrap();
    let mut all = vec![lead.clone()];
    for address in ["jun@example.org", "soo@example.org"] {
        let (receipt, wanted) = person(address);
        together::join(&t.app, &opened, &receipt, &code, wanted).await.unwrap();
        all.push(receipt);
    }
    let (alone, wanted) = person("alone@example.org");
    together::enter(&t.app, &opened, &alone, wanted, None).await.unwrap();
    all.push(alone);
    t.tick().await;
    t.draw(&round).await;
    t.jump(round.results_at);
    t.send_until(kst("2026-11-30 12:00")).await;
    stands_still(&t, &round, "2026-12-01 08:00").await;
    t.send_until(kst("2026-12-01 08:00")).await;
    for receipt in &all {
        assert_eq!(heard(&t, receipt).await, [1, 1, 0, 0]);
    }
    t.jump(kst("2026-12-05 20:00"));
    told(&t, &round, &[], Some(t.now())).await;
    t.jump(kst(modes::OFFERS[0]));
    t.tick().await;
    assert_eq!(receipts(&t, &round, 1, "caught_up").await.len(), 2, "two entries, four people");
    t.send_until(kst("2026-12-07 13:00")).await;
    t.jump(kst(modes::OFFERS[1]) - TimeDelta::hours(1));
    told(&t, &round, &[], Some(t.now())).await;
    t.jump(kst(modes::OFFERS[1]));
    t.tick().await;
    let lapsed = receipts(&t, &round, 2, "lapsed").await;
    assert!(lapsed.contains(&lead), "the first by rank of two has a second time on the first day");
    t.send_until(kst("2026-12-11 12:00")).await;
    for receipt in &all[..3] {
        assert_eq!(heard(&t, receipt).await, [1, 1, 1, 1]);
    }
    let letters = t.mailbox.messages_for("jun@example.org");
    let of_entry = |word: &str| letters.iter().any(|l| l.body.contains(word) && l.body.contains(&lead));
    assert!(of_entry("두 번째 구매 시간") && of_entry("정전"), "{letters:?}");
    verified_after(&t, &round).await;
}

async fn everybody_on_a_roster_who_can_be_reached_hears_of_them_too(engine: Engine) {
    let t = TestApp::start(engine).await;
    // The last one has no address.
    let list = people(7) + "누군가,,1950-01-01,중앙동,H99\n";
    imported(&t, &list, Some(MatchBy::Name)).await.unwrap();
    let round = t.announced(with_after(serving(&t, 12), 12)).await;
    t.jump(round.opens_at);
    t.tick().await;
    t.draw(&round).await;
    t.jump(round.results_at);
    t.send_until(kst("2026-11-27 16:30")).await;
    stands_still(&t, &round, &format!("{DAY} 08:30")).await;
    t.send_until(kst(&format!("{DAY} 08:59"))).await;
    let drawn = places(&t, &round).await;
    t.jump(kst("2026-11-29 09:00"));
    let first = drawn.iter().find(|place| place.starts_at.is_some()).unwrap();
    let at = first.starts_at.unwrap() + TimeDelta::minutes(36);
    told(&t, &round, &[(first.receipt.as_str(), at)], Some(t.now())).await;
    t.jump(kst(OFFERS[0]));
    t.tick().await;
    let second = receipts(&t, &round, 1, "caught_up").await;
    assert_eq!(second.len(), 7);
    t.send_until(kst("2026-11-29 13:59")).await;
    // Second times are spread over three days; those of the first have been missed by the second offer.
    let today = |row: &&entities::moved::Model| row.starts_at.is_some_and(|at| at < kst("2026-11-30 00:00"));
    let over: BTreeSet<String> =
        moves(&t, &round).await.iter().filter(today).map(|row| row.receipt.clone()).collect();
    t.jump(kst("2026-11-30 09:00"));
    told(&t, &round, &[], Some(t.now())).await;
    t.jump(kst(OFFERS[1]));
    t.tick().await;
    assert!(!over.is_empty());
    assert_eq!(receipts(&t, &round, 2, "lapsed").await, over);
    t.send_until(kst("2026-11-30 20:00")).await;
    let entries = t.entries(&round).await;
    let mut silent = 0;
    for place in &drawn {
        let receipt = &place.receipt;
        let entry = entries.iter().find(|entry| entry.receipt == *receipt).unwrap();
        match entry.channel.as_str() {
            "" => {
                silent += 1;
                assert_eq!(heard(&t, receipt).await, [0; 4]);
            }
            _ => {
                let (second, lapsed) = (second.contains(receipt), over.contains(receipt));
                assert_eq!(heard(&t, receipt).await, [1, 1, second.into(), lapsed.into()]);
            }
        }
    }
    assert_eq!(silent, 1);
    verified_after(&t, &round).await;
}
