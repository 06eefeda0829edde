//! What differs between two texts, line by line: for drafts, which have a few hundred lines.

use crate::domain::draft::LINES;

/// One line of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// In both.
    Same(String),
    /// Not any more.
    Gone(String),
    /// New.
    New(String),
}

/// Longer texts are shown as they are; no draft is.
const LONGEST: usize = LINES;

/// The lines of `new`, with those of `old` that are gone. Of what stays the same, only what is near a change.
pub fn diff(old: &str, new: &str) -> Vec<Line> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    if old.len() > LONGEST || new.len() > LONGEST {
        return new.into_iter().map(|line| Line::New(line.to_owned())).collect();
    }
    // The longest common subsequence, from the end.
    let mut longest = vec![vec![0_u16; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            longest[i][j] = match old[i] == new[j] {
                true => longest[i + 1][j + 1] + 1,
                false => longest[i + 1][j].max(longest[i][j + 1]),
            };
        }
    }
    let (mut i, mut j, mut lines) = (0, 0, Vec::new());
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            lines.push(Line::Same(old[i].to_owned()));
            (i, j) = (i + 1, j + 1);
        } else if i < old.len() && (j == new.len() || longest[i + 1][j] >= longest[i][j + 1]) {
            lines.push(Line::Gone(old[i].to_owned()));
            i += 1;
        } else {
            lines.push(Line::New(new[j].to_owned()));
            j += 1;
        }
    }
    lines
}

/// Only what changed, with so many lines around it; `None` stands for lines that were left out.
pub fn near(lines: Vec<Line>, around: usize) -> Vec<Option<Line>> {
    let changed: Vec<bool> = lines.iter().map(|line| !matches!(line, Line::Same(_))).collect();
    let is_near = |at: usize| {
        let (from, to) = (at.saturating_sub(around), (at + around + 1).min(changed.len()));
        changed.get(from..to).is_some_and(|some| some.contains(&true))
    };
    let mut shown: Vec<Option<Line>> = Vec::new();
    for (at, line) in lines.into_iter().enumerate() {
        if is_near(at) {
            shown.push(Some(line));
        } else if shown.last().is_none_or(Option::is_some) {
            shown.push(None);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changed_is_shown_and_the_rest_is_not() {
        let old = "a\nb\nc\nd\ne\nf\ng\n";
        let new = "a\nb\nc\nD\ne\nf\ng\nh\n";
        let lines = diff(old, new);
        let text = |line: &Line| match line {
            Line::Same(line) => format!(" {line}"),
            Line::Gone(line) => format!("-{line}"),
            Line::New(line) => format!("+{line}"),
        };
        let shown: Vec<String> = lines.iter().map(text).collect();
        assert_eq!(shown, [" a", " b", " c", "-d", "+D", " e", " f", " g", "+h"]);
        let shown: Vec<String> =
            near(lines, 1).iter().map(|line| line.as_ref().map_or("…".to_owned(), text)).collect();
        assert_eq!(shown, ["…", " c", "-d", "+D", " e", "…", " g", "+h"]);
        assert!(near(diff(old, old), 3).iter().all(Option::is_none));
        assert_eq!(diff("", "x"), [Line::New("x".to_owned())]);
    }
}
