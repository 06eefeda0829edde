//! Cells on their way into a spreadsheet.

use std::borrow::Cow;

/// A cell that no spreadsheet takes for a formula: one that begins like one gets an apostrophe.
pub fn neutral(cell: &str) -> Cow<'_, str> {
    match cell.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '\0' | '＝' | '＋' | '－' | '＠') => {
            Cow::Owned(format!("'{cell}"))
        }
        _ => Cow::Borrowed(cell),
    }
}

/// A cell as it was before [`neutral`]: what we wrote is read back as it was meant.
pub fn meant(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if matches!(neutral(rest), Cow::Owned(_)) => rest,
        _ => cell,
    }
}

/// One line of a CSV file that Excel opens as it is: every cell quoted where needed, none a formula.
pub fn csv_line<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    let mut line = String::new();
    for (at, cell) in cells.into_iter().enumerate() {
        if at > 0 {
            line.push(',');
        }
        let cell = neutral(cell);
        if cell.contains([',', '"', '\n', '\r']) {
            line.push('"');
            line.push_str(&cell.replace('"', "\"\""));
            line.push('"');
        } else {
            line.push_str(&cell);
        }
    }
    line.push_str("\r\n");
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_spreadsheet_takes_a_cell_for_a_formula() {
        let formulas = [
            "=HYPERLINK(\"http://x\")",
            "+821012345678",
            "-1",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\n=1",
            "\0=1",
            "＝1",
        ];
        for formula in formulas {
            let cell = neutral(formula);
            assert!(cell.starts_with('\''), "{formula:?}");
            // And what we wrote is read back as it was meant.
            assert_eq!(meant(&cell), formula);
        }
        for plain in ["", "'", "'tis", "010-1234-5678"] {
            assert_eq!(meant(&neutral(plain)), plain);
        }
        assert_eq!(csv_line(["a", "=1,\"2\"", ""]), "a,\"'=1,\"\"2\"\"\",\r\n");
    }
}
