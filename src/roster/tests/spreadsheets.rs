//! XLSX, written by hand as offices' programs write it.

use std::{fs::File, io::Write, path::Path};

use zip::write::SimpleFileOptions;

use super::{checked_file, refused};
use crate::{
    domain::roster::Reason,
    roster::{FileError, ImportError},
};

const TYPES: &str = r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>"#;
const RELS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK: &str = r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="명단" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const BOOK_RELS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#;
/// Style 1 is a date.
const STYLES: &str = r#"<?xml version="1.0"?><styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>"#;

/// A workbook of one sheet with these rows.
fn write(path: &Path, rows: impl Iterator<Item = String>) {
    let mut zip = zip::ZipWriter::new(File::create(path).unwrap());
    let options = SimpleFileOptions::default();
    for (name, text) in [
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", RELS),
        ("xl/workbook.xml", BOOK),
        ("xl/_rels/workbook.xml.rels", BOOK_RELS),
        ("xl/styles.xml", STYLES),
    ] {
        zip.start_file(name, options).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.start_file("xl/worksheets/sheet1.xml", options).unwrap();
    zip.write_all(
        br#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>"#,
    )
    .unwrap();
    for row in rows {
        zip.write_all(row.as_bytes()).unwrap();
    }
    zip.write_all(b"</sheetData></worksheet>").unwrap();
    zip.finish().unwrap();
}

fn text(cell: &str, text: &str) -> String {
    format!("<c r=\"{cell}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
}

#[test]
fn a_spreadsheet_is_read_with_its_dates_and_dropped_zeros() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("list.xlsx");
    let heading = ["이름", "생년월일", "휴대전화"];
    let heading: String = ["A1", "B1", "C1"].iter().zip(heading).map(|(at, word)| text(at, word)).collect();
    let rows = [
        format!("<row r=\"1\">{heading}</row>"),
        // 21,946 days after 1899-12-30 is 1960-01-31; the telephone number lost its zero.
        format!(
            "<row r=\"2\">{}<c r=\"B2\" s=\"1\"><v>21946</v></c><c r=\"C2\"><v>1012345678</v></c></row>",
            text("A2", "홍길동")
        ),
        // An empty line, and a cell missing in the middle and at the end.
        format!("<row r=\"4\">{}<c r=\"C4\"><v>1012345679</v></c></row>", text("A4", "김철수")),
        format!("<row r=\"5\">{}</row>", text("A5", "이영희")),
    ];
    write(&path, rows.into_iter());
    let checked = checked_file(&folder, path).unwrap();
    let summary = &checked.summary;
    assert_eq!((summary.looked.name(), summary.lines, summary.people), ("XLSX", 3, 2));
    let mut fields = Vec::new();
    for part in 0..crate::roster::spool::PARTS {
        fields.extend(checked.spool().part(part).unwrap().into_iter().map(|one| (one.line, one.fields)));
    }
    fields.sort();
    assert_eq!(fields[0], (2, "birth_year=1960\nbirth_digit=0\nbirth_parity=even\n".to_owned()));
    assert_eq!(fields[1], (4, String::new()));
}

/// An office's list is full of look-ups, and one that fails leaves no empty cell.
#[test]
fn a_formula_that_failed_is_wrong_and_not_empty() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("list.xlsx");
    let heading = format!("{}{}", text("A1", "휴대전화"), text("B1", "세대번호"));
    let rows = [
        format!("<row r=\"1\">{heading}</row>"),
        "<row r=\"2\"><c r=\"A2\"><v>1012345678</v></c><c r=\"B2\" t=\"e\"><f>VLOOKUP(A2,C:D,2,0)</f><v>#N/A</v></c></row>"
            .to_owned(),
        "<row r=\"3\"><c r=\"A3\"><v>1012345679</v></c><c r=\"B3\" t=\"str\"><f>D3</f><v>A 12</v></c></row>".to_owned(),
    ];
    write(&path, rows.into_iter());
    let summary = checked_file(&folder, path).unwrap().summary;
    assert_eq!((summary.lines, summary.people), (2, 1));
    assert_eq!(summary.report.first(Reason::Formula, 9), [2]);
}

#[test]
fn bombs_and_broken_spreadsheets_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let said = |path| match checked_file(&folder, path) {
        Err(ImportError::File(error)) => error.to_string(),
        _ => panic!("it was taken"),
    };
    // The limit is lower in tests: 20 MB of the same letter are some ten kilobytes here.
    let path = folder.path().join("bomb.xlsx");
    let filler = format!("<!--{}-->", "x".repeat(1 << 20));
    write(&path, std::iter::repeat_n(filler, 20));
    assert!(std::fs::metadata(&path).unwrap().len() < 1 << 17);
    assert!(said(path).contains("holds more than 512 MB"));

    let path = folder.path().join("long.xlsx");
    let heading = format!("<row r=\"1\">{}</row>", text("A1", "휴대전화"));
    let last = "<row r=\"200001\"><c r=\"A200001\"><v>1012345678</v></c></row>".to_owned();
    write(&path, [heading.clone(), last].into_iter());
    assert!(said(path).contains("200,000 lines"));

    let path = folder.path().join("wide.xlsx");
    let wide = "<row r=\"2\"><c r=\"XFD2\"><v>1</v></c></row>".to_owned();
    write(&path, [heading, wide].into_iter());
    assert!(said(path).contains("256 columns"));

    assert!(matches!(refused(b"PK\x03\x04 and nothing more"), FileError::Sheet(_)));
}
