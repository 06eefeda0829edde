//! Notices that are due together, by the vendors that have refused them. Those that the same have refused go one way;
//! where it has no room just now the others go first, and it is waited for only when none of them can go.

use std::collections::{BTreeSet, VecDeque};

use chrono::{DateTime, Utc};

/// The vendors that have refused a notice.
pub type By = BTreeSet<String>;

/// Those of a handful that have not left yet.
#[derive(Debug)]
pub struct Handful<T> {
    left: VecDeque<(By, T)>,
    /// So many found no room since somebody last waited: all of them, when it is as many as are left.
    turned: usize,
    /// When the first of those may find some.
    next_at: Option<DateTime<Utc>>,
}

impl<T> Handful<T> {
    /// All of it.
    pub fn new(some: impl IntoIterator<Item = (By, T)>) -> Self {
        Self { left: some.into_iter().collect(), turned: 0, next_at: None }
    }

    /// Whether none is left.
    pub fn is_empty(&self) -> bool {
        self.left.is_empty()
    }

    /// Takes those at the front that the same have refused.
    pub fn take_alike(&mut self) -> Option<(By, Vec<T>)> {
        let by = self.left.front()?.0.clone();
        let count = self.left.iter().take_while(|(other, _)| *other == by).count();
        let alike = self.left.drain(..count).map(|(_, one)| one).collect();
        Some((by, alike))
    }

    /// Takes all that are left.
    pub fn take_rest(&mut self) -> Vec<T> {
        self.left.drain(..).map(|(_, one)| one).collect()
    }

    /// Gives some back whose turn it still is.
    pub fn give_back(&mut self, by: &By, some: Vec<T>) {
        for one in some.into_iter().rev() {
            self.left.push_front((by.clone(), one));
        }
    }

    /// Gives some back that have no room before `next_at`: the others are first now. Says until when to wait once nobody
    /// is left who has not been turned away.
    pub fn turn(&mut self, by: &By, some: Vec<T>, next_at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.turned += some.len();
        self.next_at = Some(self.next_at.map_or(next_at, |first| first.min(next_at)));
        self.left.extend(some.into_iter().map(|one| (by.clone(), one)));
        if self.turned < self.left.len() {
            return None;
        }
        self.turned = 0;
        self.next_at.take()
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn others_go_before_what_has_no_room_and_when_nobody_can_go_it_is_waited() {
        let at = |seconds| DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds);
        let (solapi, nobody) = (By::from(["solapi".to_owned()]), By::new());
        let refused = (1..=8).map(|number| (solapi.clone(), number));
        let mut handful = Handful::new(refused.chain([(nobody.clone(), 9), (nobody.clone(), 10)]));
        let eight: Vec<i32> = (1..=8).collect();
        assert_eq!(handful.take_alike(), Some((solapi.clone(), eight.clone())));
        // Nobody waits for their second: the first vendor has room for the others.
        assert_eq!(handful.turn(&solapi, eight.clone(), at(9)), None);
        assert_eq!(handful.take_alike(), Some((nobody.clone(), vec![9, 10])));
        // It takes one at a time, and after that none for a while: until then nobody can go.
        handful.give_back(&nobody, vec![10]);
        assert_eq!(handful.take_alike(), Some((nobody.clone(), vec![10])));
        assert_eq!(handful.turn(&nobody, vec![10], at(5)), Some(at(5)));
        // Each way is tried again after that, in the order in which they fell due.
        assert_eq!(handful.take_alike(), Some((solapi.clone(), eight.clone())));
        assert_eq!(handful.turn(&solapi, eight.clone(), at(9)), None);
        assert_eq!(handful.take_alike(), Some((nobody, vec![10])));
        // With the last of the others gone, those that were turned away are all that is left.
        assert_eq!(handful.take_alike(), Some((solapi.clone(), eight.clone())));
        assert_eq!(handful.turn(&solapi, eight.clone(), at(9)), Some(at(9)));
        assert_eq!((handful.take_rest(), handful.is_empty()), (eight, true));
    }
}
