use proptest::prelude::*;

use super::*;

fn row(name: &str, cells: &[u64]) -> Row {
    (name.to_owned(), cells.to_vec())
}

/// What anybody can work out about the rows that are left out: their totals, and what the columns lack.
fn block(table: &Published) -> (Vec<&Line>, Vec<u64>) {
    let shown = |column: usize| {
        table.rows.iter().filter_map(|line| line.cells.as_ref()).map(|cells| cells[column]).sum::<u64>()
    };
    let lacking = table.totals.iter().enumerate().map(|(column, total)| total - shown(column)).collect();
    (table.rows.iter().filter(|line| line.cells.is_none()).collect(), lacking)
}

/// The true cells of a published line.
fn truth(rows: &[Row], table: &Published, line: &Line) -> Vec<u64> {
    let of = |column: &Vec<usize>| {
        let members = rows.iter().filter(|row| line.values.contains(&row.0));
        members.map(|row| column.iter().map(|at| row.1[*at]).sum::<u64>()).sum()
    };
    table.columns.iter().map(of).collect()
}

#[test]
fn large_tables_are_shown_as_they_are() {
    let rows = [row("a", &[10, 0]), row("b", &[7, 5])];
    let table = published(2, &rows, LEAST).unwrap();
    assert_eq!(table.columns, [vec![0], vec![1]]);
    assert_eq!(table.rows[0].cells, Some(vec![10, 0]));
    assert_eq!((table.totals, table.total), (vec![17, 5], 22));
}

#[test]
fn a_small_cell_takes_another_value_with_it() {
    let rows = [row("a", &[3, 20]), row("b", &[40, 41]), row("c", &[8, 9])];
    let table = published(2, &rows, LEAST).unwrap();
    let shown: Vec<bool> = table.rows.iter().map(|line| line.cells.is_some()).collect();
    // c is smaller than b, and 3 + 8 is no small number.
    assert_eq!(shown, [false, true, false]);
    assert_eq!(table.rows.iter().map(|line| line.total).collect::<Vec<_>>(), [23, 81, 17]);
}

#[test]
fn few_people_are_counted_with_others() {
    let rows = [row("a", &[2, 1]), row("b", &[40, 0]), row("c", &[9, 0])];
    let table = published(2, &rows, LEAST).unwrap();
    // One person in the second column: both columns become one, and a is counted with c.
    assert_eq!(table.columns, [vec![0, 1]]);
    assert_eq!(table.rows[1].values, ["a", "c"]);
    assert_eq!(table.rows[1].cells, Some(vec![12]));
    assert_eq!(published(2, &[row("a", &[2, 2])], LEAST), None);
    assert_eq!(published(1, &[], LEAST).unwrap().total, 0);
}

#[test]
fn tables_of_the_same_people_count_the_same_outcomes_together() {
    // Otherwise one would tell what the other leaves out.
    let by_region = [row("a", &[30, 2, 9]), row("b", &[10, 1, 0])];
    let by_channel = [row("sms", &[20, 3, 4]), row("email", &[20, 0, 5])];
    let columns = |rows: &[Row]| published(3, rows, LEAST).unwrap().columns;
    assert_eq!(columns(&by_region), columns(&by_channel));
}

/// Whether the rows that are left out could be such that cell (row, column) is at least `least`: every way to fill
/// them is tried.
fn could_be(totals: &[u64], lacking: &[u64], (row, column): (usize, usize), least: u64) -> bool {
    fn fill(
        totals: &[u64],
        lacking: &mut Vec<u64>,
        at: (usize, usize),
        cell: (usize, usize),
        least: u64,
    ) -> bool {
        let (row, column) = at;
        let Some(left) = totals.get(row).copied() else { return lacking.iter().all(|left| *left == 0) };
        let mut totals = totals.to_vec();
        let last = column + 1 == lacking.len();
        let most = left.min(lacking[column]);
        let from = if last { left } else { 0 };
        (from..=most).any(|count| {
            if at == cell && count < least {
                return false;
            }
            totals[row] = left - count;
            lacking[column] -= count;
            let next = if last { (row + 1, 0) } else { (row, column + 1) };
            let found = fill(&totals, lacking, next, cell, least);
            lacking[column] += count;
            found
        })
    }
    fill(totals, &mut lacking.to_vec(), (0, 0), (row, column), least)
}

fn tables(most: u64, width: usize) -> impl Strategy<Value = Vec<Row>> {
    let cells = prop::collection::vec(prop_oneof![3 => 0..=most, 2 => Just(0), 1 => 0..=3 * most], width);
    prop::collection::vec(cells, 1..6)
        .prop_map(|rows| rows.into_iter().enumerate().map(|(at, cells)| (at.to_string(), cells)).collect())
}

proptest! {
    /// No number that is shown, or follows from what is shown, is small; and the sums are those of the people.
    #[test]
    fn no_small_number_is_published_or_follows(rows in tables(12, 4), least in 1_u64..8) {
        let all: u64 = rows.iter().flat_map(|row| &row.1).sum();
        let Some(table) = published(4, &rows, least) else {
            prop_assert!(all > 0 && all < least);
            return Ok(());
        };
        prop_assert_eq!(table.total, all);
        prop_assert_eq!(table.totals.iter().sum::<u64>(), all);
        prop_assert_eq!(table.rows.iter().map(|line| line.total).sum::<u64>(), all);
        let mut values: Vec<&String> = table.rows.iter().flat_map(|line| &line.values).collect();
        values.sort();
        prop_assert_eq!(values, rows.iter().map(|row| &row.0).collect::<Vec<_>>());
        let shown = table.rows.iter().filter_map(|line| line.cells.as_ref()).flatten();
        let sums = table.rows.iter().map(|line| &line.total).chain(&table.totals);
        for count in shown.chain(sums) {
            prop_assert!(*count == 0 || *count >= least, "{} is shown: {:?}", count, table);
        }
        let (lines, lacking) = block(&table);
        prop_assert!(lines.len() != 1, "one line alone follows from the others: {:?}", table);
        for (column, left) in lacking.iter().enumerate() {
            prop_assert!(*left == 0 || *left >= least, "column {} gives {} away: {:?}", column, left, table);
        }
        for line in lines {
            for (cell, left) in truth(&rows, &table, line).into_iter().zip(&lacking) {
                // Fréchet: it could be as many as that.
                prop_assert!(cell == 0 || line.total.min(*left) >= least);
            }
        }
    }

    /// The same without the theorem: every way to fill what is left out is tried.
    #[test]
    fn whatever_is_small_could_be_large(rows in tables(4, 3), least in 2_u64..4) {
        prop_assume!(rows.len() < 5 && rows.iter().flat_map(|row| &row.1).sum::<u64>() < 40);
        let Some(table) = published(3, &rows, least) else { return Ok(()) };
        let (lines, lacking) = block(&table);
        let totals: Vec<u64> = lines.iter().map(|line| line.total).collect();
        for (at, line) in lines.iter().enumerate() {
            for (column, cell) in truth(&rows, &table, line).into_iter().enumerate() {
                if is_small(cell, least) {
                    prop_assert!(could_be(&totals, &lacking, (at, column), least), "{:?} of {:?}", table, rows);
                }
            }
        }
    }
}

#[test]
fn two_publications_do_not_differ_by_a_few() {
    let rows = |rows: &[(&str, [u64; 2])]| {
        let rows = rows.iter().map(|(value, cells)| ((*value).to_owned(), cells.to_vec()));
        rows.collect::<Rows>()
    };
    let follows = |before: &Rows, then: &Rows| {
        let lines: Vec<Row> = then.iter().map(|(value, cells)| (value.clone(), cells.clone())).collect();
        published(2, &lines, LEAST).unwrap().may_follow(before, then, LEAST)
    };
    let before = rows(&[("en", [9, 6]), ("ko", [20, 6])]);
    assert!(follows(&before, &before) && follows(&Rows::new(), &before));
    // Five have bought: of one language, or four and one.
    assert!(follows(&before, &rows(&[("en", [9, 6]), ("ko", [15, 11])])));
    assert!(!follows(&before, &rows(&[("en", [8, 7]), ("ko", [16, 10])])));
    // Five have come, and one.
    assert!(follows(&before, &rows(&[("en", [9, 6]), ("ko", [25, 6])])));
    assert!(!follows(&before, &rows(&[("en", [10, 6]), ("ko", [25, 6])])));
    // Values that are left out follow from the totals: together they are one more, though each cell that is shown is
    // five more.
    let before = rows(&[("en", [1, 9]), ("ja", [8, 9]), ("ko", [20, 20])]);
    assert!(follows(&before, &rows(&[("en", [2, 8]), ("ja", [7, 10]), ("ko", [25, 20])])));
    assert!(!follows(&before, &rows(&[("en", [1, 9]), ("ja", [7, 10]), ("ko", [20, 25])])));
    assert!(!follows(&before, &rows(&[("en", [1, 10]), ("ja", [8, 9]), ("ko", [25, 20])])));
    // Who was counted with others and is shown by now: the fifth has come.
    let before = rows(&[("en", [4, 0]), ("ko", [20, 20])]);
    assert!(!follows(&before, &rows(&[("en", [5, 0]), ("ko", [20, 20])])));
}
