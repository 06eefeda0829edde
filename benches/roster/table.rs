//! What was measured, for people and for programs.

use super::round::Measured;

pub fn json(measured: &Measured) -> String {
    let steps: Vec<_> = measured
        .steps
        .iter()
        .map(|(name, seconds, mib)| serde_json::json!({ "step": name, "seconds": seconds, "peak_mib": mib }))
        .collect();
    serde_json::json!({
        "people": measured.count, "file_mib": measured.file_mib, "floor_seconds": measured.floor, "steps": steps,
    })
    .to_string()
}

pub fn markdown(postgres: bool, sizes: &[Measured]) -> String {
    let mut text = format!("### {}\n\n", if postgres { "PostgreSQL" } else { "SQLite" });
    text.push_str("| people | file | floor | step | seconds | µs a person | × floor | peak memory |\n");
    text.push_str("| ---: | ---: | ---: | --- | ---: | ---: | ---: | ---: |\n");
    for measured in sizes {
        let count = measured.count as f64;
        for (at, (name, seconds, mib)) in measured.steps.iter().enumerate() {
            let head = match at {
                0 => format!(
                    "{} | {:.0} MiB | {:.1} s ({:.1} µs)",
                    measured.count,
                    measured.file_mib,
                    measured.floor,
                    measured.floor / count * 1e6
                ),
                _ => " | | ".to_owned(),
            };
            text.push_str(&format!(
                "| {head} | {name} | {seconds:.1} | {:.1} | {:.2} | {mib:.0} MiB |\n",
                seconds / count * 1e6,
                seconds / measured.floor
            ));
        }
    }
    text
}
