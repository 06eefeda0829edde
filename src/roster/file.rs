//! A first look at a file, from its first byte to its last: in which encoding it is, whether all of it
//! is, and its digest.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use public_audit::hex;
use sha2::{Digest, Sha256};

use super::FileError;

const CHUNK: usize = 128 * 1024;

/// Encodings that offices use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// With or without its mark.
    Utf8,
    /// With its mark.
    Utf16Le,
    /// With its mark.
    Utf16Be,
    /// Windows' Korean code page, of which EUC-KR is a part.
    Cp949,
}

impl Encoding {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
            Self::Cp949 => "CP949 (EUC-KR)",
        }
    }

    /// As `encoding_rs` knows it.
    pub fn decoder(self) -> encoding_rs::Decoder {
        let encoding = match self {
            Self::Utf8 => encoding_rs::UTF_8,
            Self::Utf16Le => encoding_rs::UTF_16LE,
            Self::Utf16Be => encoding_rs::UTF_16BE,
            Self::Cp949 => encoding_rs::EUC_KR,
        };
        encoding.new_decoder_with_bom_removal()
    }
}

/// What kind of file it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Lines of text.
    Text(Encoding),
    /// A spreadsheet.
    Xlsx,
}

/// What the first look saw.
#[derive(Clone, Debug)]
pub struct Looked {
    /// What it is.
    pub form: Form,
    /// How long it is.
    pub bytes: u64,
    /// SHA-256, hex. Never to be published: whoever has a guess of the roster could check it.
    pub digest: String,
}

impl Looked {
    /// The encoding, or what else it is, in a word.
    pub fn name(&self) -> &'static str {
        match self.form {
            Form::Text(encoding) => encoding.name(),
            Form::Xlsx => "XLSX",
        }
    }
}

/// Looks at a whole file.
///
/// # Errors
/// [`FileError`], naming line and byte.
pub fn look(path: &Path) -> Result<Looked, FileError> {
    let mut head = Vec::new();
    File::open(path)?.take(8).read_to_end(&mut head)?;
    let form = match head[..] {
        [] => return Err(FileError::Empty),
        [b'P', b'K', 3, 4, ..] => Form::Xlsx,
        [0xD0, 0xCF, 0x11, 0xE0, ..] => {
            return Err(FileError::Kind("an Excel file of before 2007, or one with a password"));
        }
        [b'%', b'P', b'D', b'F', ..] => return Err(FileError::Kind("PDF")),
        [0xFF, 0xFE, ..] => Form::Text(Encoding::Utf16Le),
        [0xFE, 0xFF, ..] => Form::Text(Encoding::Utf16Be),
        _ => Form::Text(Encoding::Utf8),
    };
    let marked = head.starts_with(&[0xEF, 0xBB, 0xBF]);
    let mut digest = Sha256::new();
    let (form, bytes) = match form {
        Form::Xlsx => (form, read(path, |chunk| digest.update(chunk))?),
        Form::Text(Encoding::Utf8) => {
            let mut utf8 = Utf8::default();
            let bytes = read(path, |chunk| {
                digest.update(chunk);
                utf8.look(chunk);
            })?;
            match utf8.end() {
                Ok(()) => (form, bytes),
                Err(wrong @ FileError::Encoding { .. }) if marked => return Err(wrong),
                Err(FileError::Encoding { line, byte, .. }) => {
                    let seen = if utf8.hangul >= 2 { Some((line, byte)) } else { None };
                    cp949(path, seen)?;
                    (Form::Text(Encoding::Cp949), bytes)
                }
                Err(wrong) => return Err(wrong),
            }
        }
        Form::Text(encoding) => {
            let bytes = read(path, |chunk| digest.update(chunk))?;
            super::csv::decodes(path, encoding)?;
            (form, bytes)
        }
    };
    let digest: [u8; 32] = digest.finalize().into();
    Ok(Looked { form, bytes, digest: hex::encode(&digest) })
}

fn read(path: &Path, mut take: impl FnMut(&[u8])) -> io::Result<u64> {
    let mut file = File::open(path)?;
    let mut buffer = vec![0; CHUNK];
    let mut bytes = 0;
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(bytes),
            read => {
                take(&buffer[..read]);
                bytes += read as u64;
            }
        }
    }
}

/// Whether all of a file is UTF-8 that was never anything else.
#[derive(Default)]
struct Utf8 {
    /// An unfinished letter of the chunk before.
    rest: Vec<u8>,
    line: u64,
    byte: u64,
    /// Syllables seen: what has them is UTF-8, and not by chance.
    hangul: u64,
    wrong: Option<FileError>,
}

impl Utf8 {
    fn look(&mut self, chunk: &[u8]) {
        if self.wrong.is_some() {
            return;
        }
        let joined;
        let text = if self.rest.is_empty() {
            chunk
        } else {
            joined = [&self.rest[..], chunk].concat();
            &joined[..]
        };
        let (good, unfinished) = match std::str::from_utf8(text) {
            Ok(_) => (text.len(), true),
            Err(error) => (error.valid_up_to(), error.error_len().is_none()),
        };
        self.see(&text[..good]);
        if self.wrong.is_none() && !unfinished {
            let (line, byte) = (self.line + 1, self.byte + 1);
            self.wrong = Some(FileError::Encoding { line, byte, encoding: "UTF-8" });
        }
        self.rest = text[good..].to_vec();
    }

    fn see(&mut self, good: &[u8]) {
        let place = |at: usize| {
            let before = &good[..at];
            (self.line + 1 + lines(before), self.byte + 1 + at as u64)
        };
        if let Some(at) = good.iter().position(|byte| *byte == 0) {
            let (line, byte) = place(at);
            self.wrong = Some(FileError::Nul { line, byte });
            return;
        }
        if let Some(at) = mojibake(good) {
            let (line, byte) = place(at);
            self.wrong = Some(FileError::Mojibake { line, byte });
            return;
        }
        if self.hangul < 2 {
            self.hangul += good.iter().filter(|byte| (0xEA..=0xED).contains(*byte)).count() as u64;
        }
        self.line += lines(good);
        self.byte += good.len() as u64;
    }

    fn end(&mut self) -> Result<(), FileError> {
        if let Some(wrong) = self.wrong.take() {
            return Err(wrong);
        }
        match self.rest.is_empty() {
            true => Ok(()),
            false => Err(FileError::Encoding { line: self.line + 1, byte: self.byte + 1, encoding: "UTF-8" }),
        }
    }
}

fn lines(text: &[u8]) -> u64 {
    let fed = text.iter().filter(|byte| **byte == b'\n').count();
    // Old Macs end lines with CR alone.
    let returned = if fed == 0 { text.iter().filter(|byte| **byte == b'\r').count() } else { 0 };
    (fed + returned) as u64
}

/// Where text shows that it was read in a wrong encoding: replacement characters, what they become in
/// CP949, or three accented letters in a row, which no language of this country has.
fn mojibake(text: &[u8]) -> Option<usize> {
    let mut run = 0;
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        match byte {
            0xC2 | 0xC3 => {
                run += 1;
                if run == 3 {
                    return Some(at - 4);
                }
                at += 2;
                continue;
            }
            0xEF if text[at..].starts_with("\u{FFFD}".as_bytes()) => return Some(at),
            0xE5 if text[at..].starts_with("占쏙옙".as_bytes()) => return Some(at),
            _ => run = 0,
        }
        at += 1;
    }
    None
}

/// Whether bytes are Korean in UTF-8. That they are letters at all says little: 황철호 in CP949 are some of
/// Europe's in UTF-8.
fn is_korean(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|text| text.contains(|letter| matches!(letter, '가'..='힣')))
}

/// Whether all of a file is CP949. What is UTF-8 in the middle of it is not, though most of its bytes
/// could be.
fn cp949(path: &Path, utf8_until: Option<(u64, u64)>) -> Result<(), FileError> {
    // Had it been UTF-8 up to here, with Korean in it, that is what it is meant to be.
    if let Some((line, byte)) = utf8_until {
        return Err(FileError::Encoding { line, byte, encoding: "UTF-8" });
    }
    let (mut line, mut byte) = (0, 0);
    let mut run: Vec<u8> = Vec::new();
    let mut wrong = None;
    read(path, |chunk| {
        for &next in chunk {
            byte += 1;
            if next >= 0x80 {
                if run.len() < 4_096 {
                    run.push(next);
                }
                continue;
            }
            // A syllable's second byte may be a Latin letter, so a run ends only behind pairs of high bytes.
            if wrong.is_none() && run.len() >= 6 && is_korean(&run) {
                let at = byte - run.len() as u64;
                wrong = Some(FileError::Encoding { line: line + 1, byte: at, encoding: "CP949 (EUC-KR)" });
            }
            run.clear();
            if next == 0 && wrong.is_none() {
                wrong = Some(FileError::Nul { line: line + 1, byte });
            }
            line += u64::from(next == b'\n');
        }
    })?;
    match wrong {
        Some(wrong) => Err(wrong),
        None => super::csv::decodes(path, Encoding::Cp949),
    }
}
