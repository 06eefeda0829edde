//! A slip in very large type: for whoever reads nothing smaller, and for the door of the refrigerator.

use super::{LEADING, MARGIN, PAGE, Pen, QR, Sheet, code, rule, wrapped};

/// The names of facts.
const NAME: f32 = 22.0;
/// From the largest down: the first that fits.
const FACTS: [f32; 6] = [60.0, 52.0, 46.0, 40.0, 34.0, 28.0];

pub(super) fn draw(pen: &mut Pen<'_, '_>, sheet: &Sheet) -> Result<(), String> {
    let width = PAGE.0 - 2.0 * MARGIN;
    pen.write(&sheet.sender, 20.0, width, 60);
    pen.write(&sheet.heading, 32.0, width, 0);
    pen.y += 10.0;
    rule(pen, width);
    let room = PAGE.1 - MARGIN - QR - 30.0 - pen.y;
    let size = FACTS.into_iter().find(|size| height(sheet, *size, width) <= room).unwrap_or(24.0);
    for (name, value) in &sheet.facts {
        pen.y += 8.0;
        pen.write(name, NAME, width, 60);
        pen.write(value, size, width, 0);
    }
    // Without a time there is a sentence or two.
    for paragraph in sheet.text.iter().take(if sheet.facts.is_empty() { 3 } else { 0 }) {
        pen.y += 8.0;
        pen.write(paragraph, 24.0, width, 0);
    }
    pen.ink(0);
    let beside_code = width - QR - 12.0;
    let lines = wrapped(&sheet.contact, beside_code / 18.0);
    for (line, text) in lines.iter().rev().enumerate() {
        let up = f32::from(u16::try_from(line).unwrap_or_default()) * 18.0 * LEADING;
        pen.put(MARGIN, PAGE.1 - MARGIN - 40.0 - up, text, 18.0);
    }
    code(pen, sheet, 26.0)
}

fn height(sheet: &Sheet, size: f32, width: f32) -> f32 {
    let lines = |text: &str, size: f32| {
        let lines: usize = text.lines().map(|line| wrapped(line, width / size).len()).sum();
        f32::from(u16::try_from(lines).unwrap_or(u16::MAX)) * size * LEADING
    };
    sheet.facts.iter().map(|(name, value)| 8.0 + lines(name, NAME) + lines(value, size)).sum()
}
