//! Our ledger beside a seller's list of purchases, to the won.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};

/// A purchase as one side has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Purchase {
    /// Whose.
    pub receipt: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Won.
    pub amount: u64,
}

/// How the two sides differ about one receipt, or one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// The seller has it, and we do not.
    OnlyTheirs,
    /// We have it, and the seller does not.
    OnlyOurs,
    /// Both, with different amounts.
    Amount,
    /// Both, at times too far apart.
    Time,
    /// It stands twice in the seller's list.
    Twice,
    /// A line that cannot be read.
    Unreadable,
}

/// A difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Its kind.
    pub what: What,
    /// In the seller's list; none where it does not stand there.
    pub line: Option<usize>,
    /// Whose; or the line's text where nobody's could be read.
    pub receipt: String,
    /// Won and when, with us.
    pub ours: Option<(u64, DateTime<Utc>)>,
    /// Won and when, with them.
    pub theirs: Option<(u64, DateTime<Utc>)>,
}

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reconciled {
    /// Purchases and won with us.
    pub ours: (u64, u128),
    /// Purchases and won with them.
    pub theirs: (u64, u128),
    /// Purchases that are the same.
    pub same: u64,
    /// Everything else, in the order of their list; what only we have at the end.
    pub differences: Vec<Difference>,
}

impl Reconciled {
    /// Whether both say the same, to the won.
    pub fn is_even(&self) -> bool {
        self.differences.is_empty() && self.ours == self.theirs
    }
}

/// Clocks of two systems, and a list without seconds.
const APART: TimeDelta = TimeDelta::minutes(5);

/// Compares. `lines`: theirs by line number, each read or what is wrong with it.
pub fn reconcile(ours: &[Purchase], lines: &[(usize, Result<Purchase, String>)]) -> Reconciled {
    let mut done = Reconciled::default();
    let known: BTreeMap<&str, &Purchase> = ours.iter().map(|one| (one.receipt.as_str(), one)).collect();
    done.ours = (ours.len() as u64, ours.iter().map(|one| u128::from(one.amount)).sum());
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for (line, read) in lines {
        let theirs = match read {
            Ok(theirs) => theirs,
            Err(problem) => {
                let receipt = problem.clone();
                let (what, line) = (What::Unreadable, Some(*line));
                done.differences.push(Difference { what, line, receipt, ours: None, theirs: None });
                continue;
            }
        };
        done.theirs = (done.theirs.0 + 1, done.theirs.1 + u128::from(theirs.amount));
        let ours = known.get(theirs.receipt.as_str());
        let what = match ours {
            _ if !seen.insert(&theirs.receipt) => What::Twice,
            None => What::OnlyTheirs,
            Some(ours) if ours.amount != theirs.amount => What::Amount,
            Some(ours) if (ours.at - theirs.at).abs() > APART => What::Time,
            Some(_) => {
                done.same += 1;
                continue;
            }
        };
        done.differences.push(Difference {
            what,
            line: Some(*line),
            receipt: theirs.receipt.clone(),
            ours: ours.map(|ours| (ours.amount, ours.at)),
            theirs: Some((theirs.amount, theirs.at)),
        });
    }
    let missing = known.values().filter(|ours| !seen.contains(ours.receipt.as_str()));
    done.differences.extend(missing.map(|ours| Difference {
        what: What::OnlyOurs,
        line: None,
        receipt: ours.receipt.clone(),
        ours: Some((ours.amount, ours.at)),
        theirs: None,
    }));
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    fn purchase(receipt: &str, minutes: i64, amount: u64) -> Purchase {
        let at = DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes);
        Purchase { receipt: receipt.to_owned(), at, amount }
    }

    #[test]
    fn every_difference_is_named_and_sums_are_to_the_won() {
        let ours = [purchase("a", 0, 10), purchase("b", 0, 20), purchase("c", 0, 30), purchase("d", 0, 40)];
        let theirs = [
            (2, Ok(purchase("a", 5, 10))),
            (3, Ok(purchase("b", 0, 21))),
            (4, Ok(purchase("c", 6, 30))),
            (5, Ok(purchase("x", 0, 50))),
            (6, Ok(purchase("a", 0, 10))),
            (7, Err("not a receipt".to_owned())),
        ];
        let done = reconcile(&ours, &theirs);
        let found: Vec<_> = done.differences.iter().map(|one| (one.what, one.line)).collect();
        use What::*;
        let expected = [
            (Amount, Some(3)),
            (Time, Some(4)),
            (OnlyTheirs, Some(5)),
            (Twice, Some(6)),
            (Unreadable, Some(7)),
            (OnlyOurs, None),
        ];
        assert_eq!(found, expected);
        assert_eq!((done.ours, done.theirs, done.same), ((4, 100), (5, 121), 1));
        assert!(!done.is_even());
        let same: Vec<_> = ours.iter().cloned().enumerate().map(|(line, one)| (line, Ok(one))).collect();
        assert!(reconcile(&ours, &same).is_even());
    }
}
