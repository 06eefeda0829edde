//! What was measured, for people and for programs.

use super::round::{Measured, Taken};

pub fn json(measured: &Measured) -> String {
    let step = |Taken { name, seconds, peak_mib, waited }: &Taken| serde_json::json!({ "step": name, "seconds": seconds, "peak_mib": peak_mib, "waited": waited });
    let steps: Vec<_> = measured.steps.iter().map(step).collect();
    serde_json::json!({
        "people": measured.count, "file_mib": measured.file_mib, "floor_seconds": measured.floor, "steps": steps,
    })
    .to_string()
}

const HOW_TO_READ: &str = "A roster is imported, everybody on it is enrolled, published in batches, sealed and drawn; their \
    places and result notices are written to the database; and the record is made and verified. The floor, measured in \
    the same run: the same file read line by line, each line hashed and inserted into a table with one key. Memory is \
    the peak of the process within the step. The last column is the longest that somebody else who wrote to the journal \
    at the same time had to wait.";

pub fn markdown(postgres: bool, sizes: &[Measured]) -> String {
    let mut text = format!("### A roster, on {}\n\n", if postgres { "PostgreSQL" } else { "SQLite" });
    text += HOW_TO_READ;
    text += "\n\n| people | file | floor | step | seconds | µs a person | × floor | peak memory | others wait |\n";
    text += "| ---: | ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: |\n";
    for measured in sizes {
        let count = measured.count as f64;
        let head = format!(
            "{} | {:.0} MiB | {:.1} s ({:.1} µs)",
            jebi::words::number::grouped(measured.count),
            measured.file_mib,
            measured.floor,
            measured.floor / count * 1e6
        );
        let heads = std::iter::once(head.as_str()).chain(std::iter::repeat(" | | "));
        for (head, Taken { name, seconds, peak_mib, waited }) in heads.zip(&measured.steps) {
            text += &format!(
                "| {head} | {name} | {seconds:.1} | {:.1} | {:.2} | {peak_mib:.0} MiB | {waited:.2} s |\n",
                seconds / count * 1e6,
                seconds / measured.floor
            );
        }
        let (seconds, peak, waited) = all(measured);
        text += &format!(
            "| | | | **all** | {seconds:.1} | {:.1} | **{:.2}** | {peak:.0} MiB | {waited:.2} s |\n",
            seconds / count * 1e6,
            seconds / measured.floor
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
