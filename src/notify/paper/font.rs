//! A font that has Hangul: one that is named, or one of the system's.

use std::{fs, path::Path};

/// Where systems keep them.
const FONTS: [&str; 6] = [
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/nanum/NanumGothic.ttf",
    "/usr/share/fonts/truetype/nanum/NanumBarunGothic.ttf",
    "/System/Library/Fonts/AppleSDGothicNeo.ttc",
    "C:\\Windows\\Fonts\\malgun.ttf",
];

/// Its bytes.
///
/// # Errors
/// A sentence: there is none, or it cannot be read.
pub fn font(named: Option<&Path>) -> Result<Vec<u8>, String> {
    let found = named.or_else(|| FONTS.iter().map(Path::new).find(|path| path.exists()));
    let path = found.ok_or(
        "no font with Hangul was found: install one (Debian: fonts-noto-cjk or fonts-nanum) or name one with --font",
    )?;
    fs::read(path).map_err(|error| format!("the font {} cannot be read: {error}", path.display()))
}
