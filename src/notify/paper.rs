//! Letters on paper, for people whom neither mail nor text message reaches: one sheet each, in large type,
//! with a code that a counter's scanner reads. One PDF for a whole batch.
//!
//! The code holds the round and the receipt, no address: whoever learns that we never send something to press
//! must not be sent something to scan.

mod font;
mod slip;

use std::collections::VecDeque;

use fast_qr::qr::QRBuilder;
use krilla::{
    Document,
    color::luma,
    geom::{PathBuilder, Point, Rect},
    metadata::Metadata,
    num::NormalizedF32,
    page::PageSettings,
    paint::{Fill, FillRule},
    surface::Surface,
    text::{Font, TextDirection},
};

pub use font::font;

/// A4 in points.
const PAGE: (f32, f32) = (595.28, 841.89);
const MARGIN: f32 = 56.0;
const QR: f32 = 108.0;
/// Between the lines of a text, as a multiple of its size.
const LEADING: f32 = 1.45;
/// Of a letter's text, from the largest down: the first that fits.
const SIZES: [f32; 4] = [15.0, 14.0, 13.0, 12.0];
const SMALLEST: f32 = 11.0;

/// How a sheet looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// Everything, to be posted.
    #[default]
    Letter,
    /// What one must know and nothing else, as large as it fits: to keep, or to hand over at a counter.
    Slip,
}

/// One sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// Who sends it.
    pub sender: String,
    /// What it is about, in a line or two.
    pub heading: String,
    /// What one must know, each with its name: in the largest type.
    pub facts: Vec<(String, String)>,
    /// The rest, by paragraphs.
    pub text: Vec<String>,
    /// What the code says.
    pub scanned: String,
    /// The same for people, under the code.
    pub receipt: String,
    /// Whom to ask.
    pub contact: String,
    /// How it looks.
    pub layout: Layout,
}

/// The PDF. `font` is a font file that has the letters of every sheet; only those used go into the PDF.
///
/// # Errors
/// A sentence: the font cannot be used, or lacks a letter.
pub fn print(sheets: &[Sheet], font: Vec<u8>) -> Result<Vec<u8>, String> {
    let font = Font::new(font.into(), 0).ok_or("the font file cannot be read")?;
    let mut document = Document::new();
    let mut metadata = Metadata::new().language("ko".to_owned()).producer("jebi".to_owned());
    if let Some(first) = sheets.first() {
        metadata = metadata.title(first.heading.clone()).authors(vec![first.sender.clone()]);
    }
    document.set_metadata(metadata);
    let mut sheets: VecDeque<Sheet> = sheets.iter().cloned().collect();
    while let Some(mut sheet) = sheets.pop_front() {
        let settings = PageSettings::from_wh(PAGE.0, PAGE.1).ok_or("a page without a size")?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        let pen = &mut Pen { surface: &mut surface, font: font.clone(), y: MARGIN };
        let written = match sheet.layout {
            Layout::Letter => draw(pen, &sheet)?,
            Layout::Slip => {
                slip::draw(pen, &sheet)?;
                sheet.text.len()
            }
        };
        surface.finish();
        page.finish();
        // What found no room stands on a page of its own, under the same heading and beside the same code.
        let rest = sheet.text.split_off(written.min(sheet.text.len()));
        if !rest.is_empty() {
            sheets.push_front(Sheet { facts: Vec::new(), text: rest, ..sheet });
        }
    }
    document.finish().map_err(|error| format!("the PDF cannot be written: {error:?}"))
}

struct Pen<'a, 's> {
    surface: &'a mut Surface<'s>,
    font: Font,
    y: f32,
}

impl Pen<'_, '_> {
    /// Lines of at most `width`, top down.
    fn write(&mut self, text: &str, size: f32, width: f32, gray: u8) {
        self.ink(gray);
        for line in text.lines().flat_map(|line| wrapped(line, width / size)) {
            self.y += size * LEADING;
            self.put(MARGIN, self.y - size * 0.3, &line, size);
        }
    }

    fn put(&mut self, x: f32, y: f32, text: &str, size: f32) {
        let at = Point::from_xy(x, y);
        self.surface.draw_text(at, self.font.clone(), size, text, false, TextDirection::LeftToRight);
    }

    fn ink(&mut self, gray: u8) {
        let fill = Fill {
            paint: luma::Color::new(gray).into(),
            opacity: NormalizedF32::ONE,
            rule: FillRule::NonZero,
        };
        self.surface.set_fill(Some(fill));
    }

    fn boxes(&mut self, boxes: impl Iterator<Item = Rect>) {
        let mut path = PathBuilder::new();
        boxes.for_each(|rect| path.push_rect(rect));
        if let Some(path) = path.finish() {
            self.surface.draw_path(&path);
        }
    }
}

/// Returns how many paragraphs found room.
fn draw(pen: &mut Pen<'_, '_>, sheet: &Sheet) -> Result<usize, String> {
    let width = PAGE.0 - 2.0 * MARGIN;
    pen.write(&sheet.sender, 15.0, width, 60);
    pen.y += 6.0;
    pen.write(&sheet.heading, 26.0, width, 0);
    pen.y += 10.0;
    rule(pen, width);
    for (name, value) in &sheet.facts {
        pen.y += 8.0;
        pen.write(name, 15.0, width, 60);
        pen.write(value, 32.0, width, 0);
    }
    pen.y += 12.0;
    rule(pen, width);
    pen.y += 6.0;
    let bottom = PAGE.1 - MARGIN - QR - 22.0;
    let fits = |text: &[String], size: f32, y: f32| y + height(text, size, width) <= bottom;
    // What does not fit above the code would be read by nobody: a smaller letter is still read.
    let size = SIZES.into_iter().find(|size| fits(&sheet.text, *size, pen.y)).unwrap_or(SMALLEST);
    let mut written = 0;
    for paragraph in &sheet.text {
        // One at least, or there would be no end of pages.
        if written > 0 && !fits(std::slice::from_ref(paragraph), size, pen.y) {
            break;
        }
        pen.write(paragraph, size, width, 0);
        pen.y += size * 0.5;
        written += 1;
    }
    code(pen, sheet, 18.0)?;
    Ok(written)
}

fn height(paragraphs: &[String], size: f32, width: f32) -> f32 {
    let lines = |text: &String| text.lines().map(|line| wrapped(line, width / size).len()).sum::<usize>();
    let lines = paragraphs.iter().map(|text| f32::from(u16::try_from(lines(text)).unwrap_or(u16::MAX)));
    lines.map(|lines| lines * size * LEADING + size * 0.5).sum()
}

fn rule(pen: &mut Pen<'_, '_>, width: f32) {
    pen.ink(120);
    pen.boxes(Rect::from_xywh(MARGIN, pen.y, width, 0.8).into_iter());
}

fn code(pen: &mut Pen<'_, '_>, sheet: &Sheet, size: f32) -> Result<(), String> {
    let qr = QRBuilder::new(sheet.scanned.as_str()).build().map_err(|error| format!("{error}"))?;
    let modules = u16::try_from(qr.size).map_err(|_| "a code of that size")?;
    let side = QR / f32::from(modules);
    let (left, top) = (PAGE.0 - MARGIN - QR, PAGE.1 - MARGIN - QR - 16.0);
    pen.ink(0);
    let dark = (0..modules).flat_map(|row| (0..modules).map(move |column| (row, column)));
    let dark: Vec<Rect> = dark
        .filter(|(row, column)| qr[usize::from(*row)][usize::from(*column)].value())
        .filter_map(|(row, column)| {
            // A hair wider than a module, so that no printer leaves a gap between two.
            Rect::from_xywh(
                left + f32::from(column) * side,
                top + f32::from(row) * side,
                side + 0.05,
                side + 0.05,
            )
        })
        .collect();
    pen.boxes(dark.into_iter());
    pen.put(MARGIN, PAGE.1 - MARGIN, &sheet.receipt, size);
    Ok(())
}

/// Lines that are surely no longer than `ems`: a syllable counts as a whole em, as in no font it is wider.
fn wrapped(text: &str, ems: f32) -> Vec<String> {
    let wide = |text: &str| text.chars().map(width_of).sum::<f32>();
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let Some(line) = lines.last_mut() else { break };
        if !line.is_empty() && wide(line) + 0.3 + wide(word) <= ems {
            line.push(' ');
            line.push_str(word);
            continue;
        }
        if !line.is_empty() {
            lines.push(String::new());
        }
        for character in word.chars() {
            let Some(line) = lines.last_mut() else { break };
            if wide(line) + width_of(character) > ems {
                lines.push(character.to_string());
            } else {
                line.push(character);
            }
        }
    }
    lines
}

fn width_of(character: char) -> f32 {
    match character {
        ' ' | '.' | ',' | ':' | ';' | '\'' | '|' | 'i' | 'l' | 'j' => 0.32,
        'A'..='Z' | 'm' | 'w' | '%' | '@' => 0.9,
        '!'..='~' => 0.62,
        _ => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_words_and_lose_nothing() {
        let text =
            "12월 2일(수) 오전 10:20부터 구매하실 수 있습니다 https가없는아주긴낱말하나가여기에있습니다";
        for ems in [5.0, 8.0, 12.0, 30.0] {
            let lines = wrapped(text, ems);
            assert!(lines.iter().all(|line| line.chars().map(width_of).sum::<f32>() <= ems), "{lines:?}");
            assert_eq!(lines.concat().replace(' ', ""), text.replace(' ', ""));
        }
        assert_eq!(wrapped("", 5.0), [""]);
    }

    #[test]
    fn a_file_that_is_no_font_is_said() {
        assert!(print(&[Sheet::default()], b"no font".to_vec()).is_err());
    }
}
