//! What went wrong for residents.

/// So many are told in words.
const TOLD: usize = 10;

/// All of it is counted, and the first few are told.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    /// How often something went wrong.
    pub count: u64,
    /// What, the first few times.
    pub first: Vec<String>,
}

impl Faults {
    /// One more.
    pub fn add(&mut self, fault: String) {
        self.count += 1;
        if self.first.len() < TOLD {
            self.first.push(fault);
        }
    }

    /// These, and those of another part of the drill.
    pub fn and(&self, others: &Self) -> Self {
        let first = self.first.iter().chain(&others.first).cloned().collect();
        Self { count: self.count + others.count, first }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_are_counted_and_few_are_told() {
        let mut faults = Faults::default();
        (0..1_000).for_each(|number| faults.add(format!("fault {number}")));
        assert_eq!((faults.count, faults.first.len()), (1_000, TOLD));
        let both = faults.and(&faults);
        assert_eq!((both.count, both.first.len()), (2_000, 2 * TOLD));
    }
}
