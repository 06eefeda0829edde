//! docs/scaling.md says what was asked for and is not reached, by rows of docs/performance.md, which are written by benches:
//! they have to be there, or nobody finds the figure.

const SCALING: &str = include_str!("../../docs/scaling.md");
const MEASURED: &str = include_str!("../../docs/performance.md");

/// What stands between backticks.
fn quoted(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

#[test]
fn what_was_not_reached_is_found_where_it_was_measured() {
    let table = SCALING.split("## Asked and not reached").nth(1).unwrap().split("\n## ").next().unwrap();
    let mut found = 0;
    for line in table.lines().filter(|line| line.starts_with("| ") && line.contains('`')) {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").collect();
        assert_eq!(cells.len(), 3, "{line}");
        let name = quoted(cells[1])[0];
        let begins = format!("<!-- begin {name} -->");
        let section = MEASURED.split(&begins).nth(1).unwrap_or_else(|| panic!("no section `{name}`"));
        let section = section.split("<!-- end").next().unwrap();
        for row in quoted(cells[2]) {
            assert!(section.contains(&format!("\n| {row}")), "section `{name}` has no row `{row}`");
            found += 1;
        }
    }
    assert!(found >= 7, "{found}");
}
