//! What a report that was kept is worth to an announcement.

use crate::{domain::drill::Size, drill::Outcome, words::number::grouped};

/// What a report that was kept is worth to an announcement, and what to do if that is nothing.
pub fn worth(file: &str, outcome: &Outcome) -> String {
    let (size, asked, unmet) = (outcome.size(), Size::asked_for(outcome.people.whole), outcome.unmet());
    if !outcome.held.is_empty() {
        return format!(
            "No round is announced on it, for it did not hold. Change what it names, then run `jebi drill {file}` again."
        );
    }
    if !size.reaches(asked) {
        return format!(
            "No round is announced on it, for it was too small: {} people over sockets and {} in process, and {} and {} \
             are asked for. Run `jebi drill {file}` without --scale and --sample, which takes as many.",
            grouped(size.over_sockets),
            grouped(size.in_process),
            grouped(asked.over_sockets),
            grouped(asked.in_process)
        );
    }
    match unmet.as_slice() {
        [] => "`jebi announce` finds it.".to_owned(),
        unmet => format!(
            "No round is announced on it, for nobody met some of its trouble ({}). Run `jebi drill {file}` again with \
             another --seed.",
            unmet.iter().map(|kind| kind.key()).collect::<Vec<_>>().join(", ")
        ),
    }
}

/// The same of one that came to a halt.
pub fn of_halted(file: &str) -> String {
    format!(
        "No round is announced on it, for it came to a halt, and so the round did not hold. Remove the cause, then run \
         `jebi drill {file}` again."
    )
}

/// What to do where it was not kept.
pub fn not_kept(file: &str, error: &anyhow::Error) -> String {
    format!(
        "the report is not kept: {error:#}. What the drill found holds all the same, and nothing else of the deployment was \
         touched; but it counts neither for a round nor against it. See to the database, then run `jebi drill {file}` again."
    )
}
