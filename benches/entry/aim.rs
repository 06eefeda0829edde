//! What was wanted of a figure, and whether it was reached: a miss is as easy to see as a hit.

/// What is wanted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Aim {
    /// It is there to be compared with.
    None,
    AtLeast(f64),
    AtMost(f64),
    Within(f64, f64),
}

impl Aim {
    /// Whether a figure reaches it, before it is rounded for the table.
    pub fn is_reached(self, measured: f64) -> Option<bool> {
        match self {
            Self::None => None,
            Self::AtLeast(least) => Some(measured >= least),
            Self::AtMost(most) => Some(measured <= most),
            Self::Within(least, most) => Some((least..=most).contains(&measured)),
        }
    }

    /// Two cells of a table: the aim, and whether it was reached.
    pub fn cells(self, measured: f64) -> String {
        let aim = match self {
            Self::None => String::new(),
            Self::AtLeast(least) => format!("≥ {least}"),
            Self::AtMost(most) => format!("≤ {most}"),
            Self::Within(least, most) => format!("{least} to {most}"),
        };
        let reached = self.is_reached(measured).map_or("", said);
        format!("{aim} | {reached}")
    }
}

/// In a table.
pub fn said(is_reached: bool) -> &'static str {
    if is_reached { "yes" } else { "**no**" }
}
