//! What is drawn from: pools that return from their text, and those that are refused.

use proptest::prelude::*;
use public_audit::draw::{self, draw};
use public_audit::rules::Mode;
use public_audit::{Digest, Entry, Pool};

use crate::{any_round, cases, common};

#[test]
fn foreign_pools_and_bad_rules_are_refused() {
    let rules = common::rules(Mode::Share);
    let mut other = rules.clone();
    other.goods.cap = 10_000;
    let pool = common::pool(&rules, 3, 1);
    assert_eq!(draw(&other, &pool, &Digest::ZERO), Err(draw::DrawError::Pool));
    other.goods.unit = 0;
    assert!(matches!(draw(&other, &pool, &Digest::ZERO), Err(draw::DrawError::Rules(_))));
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn pools_return_from_their_text((rules, mut entries, _) in any_round()) {
        let pool = Pool::from_entries(&rules, &entries).unwrap();
        let text = pool.text();
        let again = Pool::parse(&rules, text.as_bytes()).unwrap();
        prop_assert_eq!((again.root(), again.digest(), again.count()), (pool.root(), pool.digest(), pool.count()));
        prop_assert_eq!(Digest::of(&text), pool.digest());
        prop_assert_eq!(public_audit::merkle::root_of_lines(text.as_bytes()), pool.root());
        entries.sort_by_key(|entry| entry.receipt);
        for (at, line) in text.lines().enumerate() {
            prop_assert_eq!(pool.line(at), Some(line.to_owned()));
            prop_assert_eq!(pool.entry(at), entries.get(at).cloned());
            prop_assert_eq!(Entry::parse(&rules, line).ok(), entries.get(at).cloned());
            prop_assert_eq!(pool.find(&entries[at].receipt), Some(at));
        }
    }
}
