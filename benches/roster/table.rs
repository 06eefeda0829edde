//! What was measured, for people and for programs.

use super::round::{Measured, Taken};

pub fn json(measured: &Measured) -> String {
    let step = |Taken { name, seconds, peak_mib, waited }: &Taken| serde_json::json!({ "step": name, "seconds": seconds, "peak_mib": peak_mib, "waited": waited });
    let steps: Vec<_> = measured.steps.iter().map(step).collect();
    serde_json::json!({
        "people": measured.count, "file_mib": measured.file_mib, "comparison_seconds": measured.comparison, "steps": steps,
    })
    .to_string()
}

const HOW_TO_READ: &str = "A roster is imported, everybody on it is enrolled, published in batches, sealed and drawn; their \
    places and result notices are written to the database; and the record is made and verified. It is compared with \
    something simple in the same run: the same file read line by line, each line hashed and inserted into a table with \
    one key. That is no floor: with more people it takes longer for each of them too, so that the multiple may fall while \
    the time rises; whether a step is flat is seen in the µs a person. Memory is the peak of the process within the step. \
    The last column is the longest that somebody else who wrote to the journal at the same time had to wait.";

/// With what a PostgreSQL promises, if it was one.
pub fn markdown(promises: Option<&str>, sizes: &[Measured]) -> String {
    let engine = if promises.is_some() { "PostgreSQL" } else { "SQLite" };
    let mut text = format!("### A roster, on {engine}\n\n");
    if let Some(promises) = promises {
        text += &format!("{promises}\n\n");
    }
    text += HOW_TO_READ;
    text += "\n\n| people | file | comparison | step | seconds | µs a person | × comparison | peak memory | others wait |\n";
    text += "| ---: | ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: |\n";
    for measured in sizes {
        let count = measured.count as f64;
        let head = format!(
            "{} | {:.0} MiB | {:.1} s ({:.1} µs)",
            jebi::words::number::grouped(measured.count),
            measured.file_mib,
            measured.comparison,
            measured.comparison / count * 1e6
        );
        let heads = std::iter::once(head.as_str()).chain(std::iter::repeat(" | | "));
        for (head, Taken { name, seconds, peak_mib, waited }) in heads.zip(&measured.steps) {
            text += &format!(
                "| {head} | {name} | {seconds:.1} | {:.1} | {:.2} | {peak_mib:.0} MiB | {waited:.2} s |\n",
                seconds / count * 1e6,
                seconds / measured.comparison
            );
        }
        let (seconds, peak, waited) = all(measured);
        text += &format!(
            "| | | | **all** | {seconds:.1} | {:.1} | **{:.2}** | {peak:.0} MiB | {waited:.2} s |\n",
            seconds / count * 1e6,
            seconds / measured.comparison
        );
    }
    if let [first, .., last] = sizes {
        let each = |measured: &Measured| all(measured).0 / measured.count as f64;
        text += &format!(
            "\n{} times as many people take {:.1} times as long.\n",
            jebi::words::number::grouped(last.count / first.count),
            each(last) / each(first) * (last.count as f64 / first.count as f64)
        );
    }
    text
}

fn all(measured: &Measured) -> (f64, f64, f64) {
    let most = |of: fn(&Taken) -> f64| measured.steps.iter().map(of).fold(0.0, f64::max);
    (
        measured.steps.iter().map(|taken| taken.seconds).sum(),
        most(|taken| taken.peak_mib),
        most(|taken| taken.waited),
    )
}
