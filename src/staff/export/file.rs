//! The file: CSV as rows come, or a workbook that is in memory until its end and therefore has a limit.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Seek, SeekFrom, Write},
    path::Path,
};

use chrono::{DateTime, Datelike, Timelike, Utc};
use chrono_tz::Asia::Seoul;
use rust_xlsxwriter::{ExcelDateTime, Format as Style, Workbook, XlsxError};

use super::{ExportError, Format};
use crate::{domain::csv::csv_line, secret::random_id};

/// Cells of a workbook, at most. One takes some hundred bytes while it is made: about a hundred megabytes in all.
pub const CELLS: usize = 1_000_000;

/// Bytes of a text that surely fit into a cell.
const TEXT: usize = 32_000;

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Words, codes, receipts.
    Text(String),
    /// Something to reckon with.
    Number(i64),
    /// When; written in Korean local time.
    At(DateTime<Utc>),
    /// Nothing.
    Empty,
}

impl Cell {
    /// Words.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// When, if it was.
    pub fn at(at: Option<DateTime<Utc>>) -> Self {
        at.map_or(Self::Empty, Self::At)
    }

    /// As in a text file: quoted where it must be; a text that begins like a formula is none.
    pub fn csv(self) -> String {
        match self {
            Self::Text(text) => csv_line([text.as_str()]).trim_end_matches("\r\n").to_owned(),
            Self::Number(number) => number.to_string(),
            Self::At(at) => at.with_timezone(&Seoul).format("%Y-%m-%d %H:%M:%S").to_string(),
            Self::Empty => String::new(),
        }
    }
}

/// A file that is open and has no name: nobody finds it later, whatever happens to this process.
///
/// # Errors
/// What the system said.
pub fn nameless(state_dir: &Path) -> io::Result<File> {
    let path = state_dir.join(format!(".{}", random_id()));
    let file = File::options().read(true).write(true).create_new(true).open(&path)?;
    fs::remove_file(&path)?;
    Ok(file)
}

/// A file that is being written.
pub struct Out {
    file: BufWriter<File>,
    book: Option<Box<Workbook>>,
    when: Style,
    columns: usize,
    /// Lines, the headings among them.
    lines: u32,
}

impl Out {
    /// Begins a file with its headings.
    pub fn begin(format: Format, state_dir: &Path, heads: &[String]) -> Result<Self, ExportError> {
        let file = BufWriter::with_capacity(1 << 16, nameless(state_dir)?);
        let book = (format == Format::Xlsx).then(|| Box::new(Workbook::new()));
        let when = Style::new().set_num_format("yyyy-mm-dd hh:mm:ss");
        let mut out = Self { file, book, when, columns: heads.len(), lines: 1 };
        match &mut out.book {
            // By this mark Korean Excel knows that it is UTF-8.
            None => write!(out.file, "\u{feff}{}", csv_line(heads.iter().map(String::as_str)))?,
            Some(book) => {
                let bold = Style::new().set_bold();
                let sheet = book.add_worksheet();
                sheet.set_freeze_panes(1, 0).map_err(failed)?;
                for (column, head) in (0_u16..).zip(heads) {
                    sheet.set_column_width(column, 20).map_err(failed)?;
                    sheet.write_string_with_format(0, column, head, &bold).map_err(failed)?;
                }
            }
        }
        Ok(out)
    }

    /// Adds rows.
    pub fn with(mut self, rows: Vec<Vec<Cell>>) -> Result<Self, ExportError> {
        let Some(book) = &mut self.book else {
            for row in rows {
                let cells: Vec<String> = row.into_iter().map(Cell::csv).collect();
                write!(self.file, "{}\r\n", cells.join(","))?;
                self.lines += 1;
            }
            return Ok(self);
        };
        if (self.lines as usize + rows.len()).saturating_mul(self.columns) > CELLS {
            return Err(ExportError::TooLarge);
        }
        let sheet = book.worksheet_from_index(0).map_err(failed)?;
        for row in rows {
            for (column, cell) in (0_u16..).zip(row) {
                match cell {
                    // A text is kept as one: nothing is computed of it, and no receipt becomes a number.
                    Cell::Text(mut text) => {
                        if text.len() > TEXT {
                            text = text.chars().take(TEXT / 4).collect();
                        }
                        sheet.write_string(self.lines, column, text).map_err(failed)?
                    }
                    // Won and counts are far below 2^53.
                    Cell::Number(number) => {
                        sheet.write_number(self.lines, column, number as f64).map_err(failed)?
                    }
                    Cell::At(at) => sheet
                        .write_datetime_with_format(self.lines, column, local(at)?, &self.when)
                        .map_err(failed)?,
                    Cell::Empty => continue,
                };
            }
            self.lines += 1;
        }
        Ok(self)
    }

    /// The file at its beginning, its bytes, and its rows.
    pub fn end(mut self) -> Result<(File, u64, u64), ExportError> {
        if let Some(mut book) = self.book {
            book.save_to_writer(&mut self.file).map_err(failed)?;
        }
        let mut file = self.file.into_inner().map_err(|error| ExportError::Failed(error.to_string()))?;
        let bytes = file.stream_position()?;
        file.seek(SeekFrom::Start(0))?;
        Ok((file, bytes, u64::from(self.lines - 1)))
    }
}

fn failed(error: XlsxError) -> ExportError {
    match error {
        XlsxError::RowColumnLimitError => ExportError::TooLarge,
        error => ExportError::Failed(error.to_string()),
    }
}

/// A date that Excel knows as one.
fn local(at: DateTime<Utc>) -> Result<ExcelDateTime, ExportError> {
    let at = at.with_timezone(&Seoul);
    let small = |part: u32| u8::try_from(part).unwrap_or_default();
    let year = u16::try_from(at.year()).unwrap_or_default();
    let day = ExcelDateTime::from_ymd(year, small(at.month()), small(at.day())).map_err(failed)?;
    let hour = u16::from(small(at.hour()));
    day.and_hms(hour, small(at.minute()), f64::from(at.second())).map_err(failed)
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use calamine::{Data, Reader, Xlsx};

    use super::*;

    fn written(format: Format) -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        let heads = ["접수번호", "금액", "때"].map(str::to_owned);
        let at = "2026-11-28T00:00:07Z".parse().unwrap();
        let row = vec![Cell::text("1234-5678-9012-3456"), Cell::Number(250_000), Cell::At(at)];
        let bad = vec![Cell::text("=1+1"), Cell::Number(-5), Cell::Empty];
        let out = Out::begin(format, folder.path(), &heads).unwrap().with(vec![row, bad]).unwrap();
        let (mut file, bytes, rows) = out.end().unwrap();
        let mut all = Vec::new();
        file.read_to_end(&mut all).unwrap();
        assert_eq!((all.len() as u64, rows), (bytes, 2));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "a file stays behind");
        all
    }

    #[test]
    fn a_text_file_is_marked_and_no_cell_is_a_formula() {
        let text = String::from_utf8(written(Format::Csv)).unwrap();
        assert_eq!(
            text,
            "\u{feff}접수번호,금액,때\r\n1234-5678-9012-3456,250000,2026-11-28 09:00:07\r\n'=1+1,-5,\r\n"
        );
    }

    #[test]
    fn in_a_workbook_numbers_are_numbers_and_receipts_are_text() {
        let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(written(Format::Xlsx))).unwrap();
        let name = book.sheet_names()[0].clone();
        let sheet = book.worksheet_range(&name).unwrap();
        let at = |row, column| sheet.get((row, column)).unwrap().clone();
        assert_eq!(at(0, 0), Data::String("접수번호".to_owned()));
        assert_eq!(at(1, 0), Data::String("1234-5678-9012-3456".to_owned()));
        assert_eq!((at(1, 1), at(2, 1)), (Data::Float(250_000.0), Data::Float(-5.0)));
        assert_eq!(at(2, 0), Data::String("=1+1".to_owned()));
        let Data::DateTime(when) = at(1, 2) else { panic!("{:?} is no date", at(1, 2)) };
        let (year, month, day, hour, minute, second, _) = when.to_ymd_hms_milli();
        assert_eq!((year, month, day, hour, minute, second), (2026, 11, 28, 9, 0, 7));
        assert!(book.worksheet_formula(&name).unwrap().is_empty());
    }

    #[test]
    fn a_workbook_has_a_limit_and_a_text_file_has_none() {
        let folder = tempfile::tempdir().unwrap();
        let heads = vec!["a".to_owned(); 1_000];
        let rows = || vec![Vec::new(); CELLS / 1_000];
        let book = Out::begin(Format::Xlsx, folder.path(), &heads).unwrap();
        assert!(matches!(book.with(rows()), Err(ExportError::TooLarge)));
        assert!(Out::begin(Format::Csv, folder.path(), &heads).unwrap().with(rows()).is_ok());
    }
}
