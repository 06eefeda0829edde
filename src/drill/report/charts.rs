//! The charts, as SVG without script. Whatever they show stands in a table below them too, or follows from it; so to whoever
//! cannot see them they are a picture with a name, that of the language which is chosen.

use std::fmt::Write;

use super::text::{both, seconds};
use crate::domain::{drill::Curve, plan::number};

/// Small enough that its words are read on a telephone.
const WIDTH: f64 = 420.0;
const HEIGHT: f64 = 190.0;
/// A digit is as wide as this at most, and this stands between a number and its line.
const DIGIT: f64 = 8.0;
const GAP: f64 = 5.0;
const RIGHT: f64 = 8.0;
const TOP: f64 = 22.0;
const BOTTOM: f64 = 24.0;

/// Arrivals per ten seconds against a capacity, on a logarithmic scale that ends at `most` for all charts of a page.
pub fn arrivals(curve: &Curve, capacity: f64, most: f64, (id, name): (&str, (&str, &str))) -> String {
    let (low, high) = (0.0_f64, most.max(capacity * 2.0).log10().ceil());
    let left = GAP + DIGIT * u32::try_from(number(10_f64.powf(high)).len()).map_or(0.0, f64::from);
    let (wide, tall) = (WIDTH - left - RIGHT, HEIGHT - TOP - BOTTOM);
    let y = |people: f64| TOP + tall * (1.0 - (people.max(1.0).log10() - low) / (high - low));
    let mut svg = begin(HEIGHT, id, name);
    for power in 0_i32.. {
        let people = 10_f64.powi(power);
        if f64::from(power) > high {
            break;
        }
        let at = y(people);
        let _ = write!(
            svg,
            "<line class=\"grid\" x1=\"{left}\" x2=\"{}\" y1=\"{at:.1}\" y2=\"{at:.1}\"/>",
            WIDTH - RIGHT
        );
        let _ = write!(
            svg,
            "<text class=\"n\" x=\"{}\" y=\"{:.1}\">{}</text>",
            left - GAP,
            at + 4.0,
            number(people)
        );
    }
    let count = u32::try_from(curve.bins.len().max(1)).map_or(1.0, f64::from);
    let step = wide / count;
    for (number, people) in (0_u32..).zip(&curve.bins) {
        if *people <= 0.0 {
            continue;
        }
        let (x, top) = (left + f64::from(number) * step, y(*people));
        let limit = y(capacity);
        let base = TOP + tall;
        let under = top.max(limit);
        let _ = write!(
            svg,
            "<rect class=\"load\" x=\"{x:.1}\" y=\"{under:.1}\" width=\"{step:.2}\" height=\"{:.1}\"/>",
            (base - under).max(0.5)
        );
        if top < limit {
            let _ = write!(
                svg,
                "<rect class=\"over\" x=\"{x:.1}\" y=\"{top:.1}\" width=\"{step:.2}\" height=\"{:.1}\"/>",
                limit - top
            );
        }
    }
    let at = y(capacity);
    let _ = write!(
        svg,
        "<line class=\"limit\" x1=\"{left}\" x2=\"{}\" y1=\"{at:.1}\" y2=\"{at:.1}\"/>",
        WIDTH - RIGHT
    );
    let says = number(capacity.round());
    for (class, word) in [("ko", format!("한도 {says}")), ("en", format!("capacity {says}"))] {
        let _ = write!(
            svg,
            "<text class=\"cap {class}\" lang=\"{class}\" x=\"{}\" y=\"{:.1}\">{word}</text>",
            WIDTH - RIGHT,
            at - 4.0
        );
    }
    for (part, anchor) in [(0.0, "start"), (0.5, "middle"), (1.0, "end")] {
        let (ko, en) = seconds(curve.seconds * part);
        let x = left + wide * part;
        for (class, word) in [("ko", ko), ("en", en)] {
            let _ = write!(
                svg,
                "<text class=\"{class}\" lang=\"{class}\" text-anchor=\"{anchor}\" x=\"{x:.1}\" y=\"{}\">{word}</text>",
                HEIGHT - 6.0
            );
        }
    }
    svg + "</svg>"
}

/// A bar of a share of a limit.
pub struct Bar {
    /// What it is about, both languages, as markup of a chart.
    pub name: (String, String),
    /// Shares of the limit: planned, and the most that was counted.
    pub planned: Option<f64>,
    /// Likewise.
    pub counted: Option<f64>,
}

/// Shares of limits side by side; the line is the limit.
pub fn shares(bars: &[Bar], (id, name): (&str, (&str, &str))) -> String {
    const ROW: f64 = 40.0;
    let count = u32::try_from(bars.len()).map_or(1.0, f64::from);
    let height = 20.0 + ROW * count;
    let most = bars.iter().flat_map(|bar| [bar.planned, bar.counted]).flatten().fold(1.1, f64::max).min(3.0);
    let (from, wide) = (4.0, WIDTH - 60.0);
    let x = |share: f64| from + wide * share.min(most) / most;
    let mut svg = begin(height, id, name);
    for (number, bar) in (0_u32..).zip(bars) {
        let top = f64::from(number) * ROW + 14.0;
        for (class, word) in [("ko", &bar.name.0), ("en", &bar.name.1)] {
            let _ = write!(
                svg,
                "<text class=\"{class}\" lang=\"{class}\" x=\"{from}\" y=\"{top}\">{word}</text>"
            );
        }
        for (class, share, down) in [("plan", bar.planned, 5.0), ("load", bar.counted, 14.0)] {
            let Some(share) = share else { continue };
            let class = if share > 1.0 && class == "load" { "over" } else { class };
            let y = top + down;
            let _ = write!(
                svg,
                "<rect class=\"{class}\" x=\"{from}\" y=\"{y}\" width=\"{:.1}\" height=\"7\"/>",
                (x(share) - from).max(1.0)
            );
            let _ = write!(
                svg,
                "<text class=\"s\" x=\"{:.1}\" y=\"{}\">{:.0} %</text>",
                x(share) + 4.0,
                y + 7.5,
                share * 100.0
            );
        }
    }
    let at = x(1.0);
    let _ = write!(
        svg,
        "<line class=\"limit\" x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"4\" y2=\"{}\"/>",
        height - 14.0
    );
    for (class, word) in [("ko", "한도"), ("en", "limit")] {
        let _ = write!(
            svg,
            "<text class=\"{class}\" lang=\"{class}\" text-anchor=\"middle\" x=\"{at:.1}\" y=\"{}\">{word}</text>",
            height - 4.0
        );
    }
    svg + "</svg>"
}

fn begin(height: f64, id: &str, (ko, en): (&str, &str)) -> String {
    format!(
        "<p class=\"of\" id=\"{id}\">{}</p><svg viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-labelledby=\"{id}\">",
        both(ko, en)
    )
}
