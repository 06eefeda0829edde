//! What a drill's report is worth to an announcement: how many people it had, and whether all its trouble met somebody.

use super::{
    Outcome,
    trouble::{Trouble, TroubleKind},
};
use crate::domain::drill::Size;

impl Outcome {
    /// How many people it had.
    #[allow(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "people"
    )]
    pub fn size(&self) -> Size {
        let in_process = (self.people.whole as f64 / self.people.one_in.max(1.0)).round() as u64;
        Size { over_sockets: self.people.sockets, in_process }
    }

    /// The trouble that met nobody, or few of those who were there for it, of which it therefore says nothing.
    pub fn unmet(&self) -> Vec<TroubleKind> {
        unmet(&self.trouble)
    }
}

fn unmet(trouble: &[Trouble]) -> Vec<TroubleKind> {
    let was_met = |kind: TroubleKind| trouble.iter().any(|one| one.kind == kind && one.is_met());
    TroubleKind::ALL.into_iter().filter(|kind| !was_met(*kind)).collect()
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::drill::TroubleKind::{Bank, Identity, Outage, Restart, Vendor};

    #[test]
    fn trouble_that_met_nobody_and_trouble_that_never_was_are_named() {
        let made = |kinds: &[(TroubleKind, u64)]| -> Vec<Trouble> {
            let at = DateTime::UNIX_EPOCH;
            kinds.iter().map(|(kind, met)| Trouble { kind: *kind, at, met: *met, of: None }).collect()
        };
        let all = made(&[(Identity, 3), (Vendor, 2), (Bank, 1), (Restart, 1), (Outage, 1)]);
        assert!(unmet(&all).is_empty());
        let some = made(&[(Identity, 3), (Vendor, 0), (Restart, 0), (Outage, 2)]);
        assert_eq!(unmet(&some), [Vendor, Bank, Restart]);
        assert_eq!(unmet(&made(&[])), TroubleKind::ALL);
    }

    #[test]
    fn trouble_that_most_were_spared_says_nothing_either() {
        let is_met = |met: u64, of: u64| {
            Trouble { kind: Outage, at: DateTime::UNIX_EPOCH, met, of: Some(of) }.is_met()
        };
        assert!(is_met(1, 1) && is_met(1, 2) && is_met(50, 100));
        assert!(!is_met(0, 0) && !is_met(0, 1) && !is_met(49, 100));
    }
}
