//! How large a drill has to be so that a round may be announced on it.
//!
//! A drill of one person shows that the program starts. What goes wrong in a crowd shows in a crowd: so many people that
//! every kind of trouble meets some of them, and no more than a clerk's machine takes through a whole round in minutes.

/// People over sockets, or everybody if they are fewer. At one in a hundred a fault is met by twenty of them.
pub const OVER_SOCKETS: u64 = 2_000;
/// People drawn in process, or everybody if they are fewer: of thirteen millions one in thirteen, in windows of minutes.
pub const IN_PROCESS: u64 = 1_000_000;

/// How many people a drill had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Over sockets.
    pub over_sockets: u64,
    /// Drawn in process.
    pub in_process: u64,
}

impl Size {
    /// Of a drill on which a round for so many people may be announced.
    pub fn asked_for(people: u64) -> Self {
        // Nobody at all is no drill.
        let at_most = |most| people.clamp(1, most);
        Self { over_sockets: at_most(OVER_SOCKETS), in_process: at_most(IN_PROCESS) }
    }

    /// Whether a drill of this size is as large as that.
    pub fn reaches(self, asked: Self) -> bool {
        self.over_sockets >= asked.over_sockets && self.in_process >= asked.in_process
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_of_a_small_round_is_drilled_and_a_part_of_a_large_one() {
        let size = |over_sockets, in_process| Size { over_sockets, in_process };
        assert_eq!(Size::asked_for(300), size(300, 300));
        assert_eq!(Size::asked_for(90_000), size(2_000, 90_000));
        assert_eq!(Size::asked_for(13_260_000), size(2_000, 1_000_000));
        // What was kept without figures has none, and reaches nothing.
        assert!(!size(0, 0).reaches(Size::asked_for(0)));
        let asked = Size::asked_for(90_000);
        assert!(size(2_000, 90_000).reaches(asked) && size(90_000, 90_000).reaches(asked));
        assert!(!size(1_999, 90_000).reaches(asked) && !size(2_000, 89_999).reaches(asked));
    }
}
