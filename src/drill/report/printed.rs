//! A report for whoever stands at the terminal, in a few lines of English.

use std::{
    io::{self, Write},
    path::Path,
};

use super::text::policy_line;
use crate::{
    domain::plan::number,
    drill::{Halted, Outcome},
    words::number::grouped,
};

/// What came of a drill that came to its end, with where the page is, if it is anywhere.
///
/// # Errors
/// What the terminal said.
pub fn outcome(to: &mut impl Write, outcome: &Outcome, page: Option<&Path>) -> io::Result<()> {
    let (people, sockets) = (&outcome.people, &outcome.sockets);
    writeln!(
        to,
        "{}: {} people planned and drawn in process (one in {}), {} of them over sockets",
        outcome.drill.scenario,
        grouped(people.whole),
        number(people.one_in),
        grouped(people.sockets)
    )?;
    writeln!(
        to,
        "  {} came, {} bought at their time, {} at their second time, {} turned away",
        grouped(sockets.come),
        grouped(sockets.bought.0),
        grouped(sockets.bought.1),
        grouped(sockets.turned_away)
    )?;
    let (met, limits) = people.enough;
    writeln!(to, "  over sockets they are enough to test {met} of {limits} limits")?;
    writeln!(to, "  in process, without trouble and with everybody on time:")?;
    for policy in &outcome.policies {
        writeln!(to, "    {}", policy_line(policy))?;
    }
    lies(to, page)?;
    if outcome.held.is_empty() {
        return writeln!(to, "the round held");
    }
    writeln!(to, "the round did NOT hold:")?;
    outcome.held.iter().try_for_each(|reason| writeln!(to, "  {}", reason.en))
}

/// The same of one that came to a halt.
///
/// # Errors
/// What the terminal said.
pub fn halted(to: &mut impl Write, halted: &Halted, page: Option<&Path>) -> io::Result<()> {
    writeln!(to, "{}: {halted}", halted.drill.scenario)?;
    lies(to, page)?;
    writeln!(to, "the round did NOT hold")
}

/// Where the page lies.
fn lies(to: &mut impl Write, page: Option<&Path>) -> io::Result<()> {
    page.map_or(Ok(()), |page| writeln!(to, "  report: {}", page.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drill::report::tests;

    #[test]
    fn where_a_report_lies_is_said_only_where_it_lies_somewhere() {
        let halted = tests::came_to_a_halt();
        for (page, said) in [
            (Some(Path::new("drill/index.html")), "  report: drill/index.html\nthe round did NOT hold\n"),
            (None, "the round did NOT hold\n"),
        ] {
            let mut to = Vec::new();
            super::halted(&mut to, &halted, page).unwrap();
            let why = "round.toml: the drill came to a halt: the pool cannot be sealed\n";
            assert_eq!(String::from_utf8(to).unwrap(), format!("{why}{said}"));
        }
    }
}
