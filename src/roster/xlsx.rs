//! Spreadsheets. What is in them is compressed, so first it is unpacked to nowhere and counted: a small
//! file may be a bomb. Then cells are read one after another; only the table of texts is in memory.

use std::{
    fs::File,
    io::{self, BufReader, Read},
    path::Path,
};

use calamine::{DataRef, Reader, Xlsx, open_workbook};

use super::{FileError, Row, csv::COLUMNS};

/// The largest file, all of it unpacked, the table of texts unpacked, and the most lines.
const FILE: u64 = 64 << 20;
const UNPACKED: u64 = if cfg!(test) { 16 << 20 } else { 512 << 20 };
const TEXTS: u64 = 64 << 20;
const LINES: u32 = 200_000;
/// Files in it: a workbook of an office has a few dozen.
const FILES: usize = 2_000;

/// Hands each line of the first sheet to `take`.
///
/// # Errors
/// [`FileError`].
pub fn rows(
    path: &Path,
    read: &mut dyn FnMut(u64),
    take: &mut dyn FnMut(Row<'_>) -> Result<(), FileError>,
) -> Result<(), FileError> {
    weigh(path)?;
    let broken = |error: &dyn std::fmt::Display| FileError::Sheet(error.to_string());
    let mut book: Xlsx<BufReader<File>> =
        open_workbook(path).map_err(|error: calamine::XlsxError| broken(&error))?;
    let first = book.sheet_names().first().cloned().ok_or(FileError::Empty)?;
    let mut cells = book.worksheet_cells_reader(&first).map_err(|error| broken(&error))?;
    let mut line: Vec<String> = Vec::new();
    let (mut number, mut width) = (0_u32, 0_usize);
    loop {
        let cell = cells.next_cell().map_err(|error| broken(&error))?;
        let at = cell.as_ref().map(calamine::Cell::get_position);
        if at.is_none_or(|(row, _)| row != number) && !line.is_empty() {
            hand_over(number, &mut line, &mut width, take)?;
        }
        let (Some(cell), Some((row, column))) = (cell, at) else { break };
        if row >= LINES {
            return Err(FileError::Large("200,000 lines"));
        }
        number = row;
        let column = column as usize;
        if column >= COLUMNS {
            return Err(FileError::Wide { line: u64::from(row) + 1, most: COLUMNS });
        }
        let text = text(cell.get_value());
        if !text.is_empty() {
            line.resize(line.len().max(column + 1), String::new());
            if let Some(place) = line.get_mut(column) {
                *place = text;
            }
        }
    }
    read(std::fs::metadata(path)?.len());
    Ok(())
}

fn hand_over(
    number: u32,
    line: &mut Vec<String>,
    width: &mut usize,
    take: &mut dyn FnMut(Row<'_>) -> Result<(), FileError>,
) -> Result<(), FileError> {
    if *width == 0 {
        *width = line.len();
    }
    // Empty cells at the end are not in the file.
    line.resize(line.len().max(*width), String::new());
    let cells: Vec<&str> = line.iter().map(String::as_str).collect();
    take((u64::from(number) + 1, &cells))?;
    line.clear();
    Ok(())
}

fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        // Telephone numbers and years are floats here; all of ours are whole.
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(value) => value.to_string(),
        DataRef::DateTime(date) => {
            let (year, month, day, ..) = date.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        // As it is shown: what is lost is not empty.
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

/// Unpacks everything to nowhere, up to the limits. What an entry says of its own size is not believed.
fn weigh(path: &Path) -> Result<(), FileError> {
    let file = File::open(path)?;
    if file.metadata()?.len() > FILE {
        return Err(FileError::Large("64 MB"));
    }
    let broken = |error: &dyn std::fmt::Display| FileError::Sheet(error.to_string());
    let mut archive = zip::ZipArchive::new(BufReader::new(file)).map_err(|error| broken(&error))?;
    if archive.len() > FILES {
        return Err(FileError::Sheet("far too many parts".to_owned()));
    }
    let mut unpacked = 0;
    for at in 0..archive.len() {
        let entry = archive.by_index(at).map_err(|error| broken(&error))?;
        let texts = entry.name().ends_with("sharedStrings.xml");
        let most = if texts { TEXTS } else { UNPACKED };
        let size = io::copy(&mut entry.take(most + 1), &mut io::sink()).map_err(|error| broken(&error))?;
        unpacked += size;
        if size > most || unpacked > UNPACKED {
            return Err(FileError::Large("512 MB unpacked, or 64 MB of texts"));
        }
    }
    Ok(())
}
