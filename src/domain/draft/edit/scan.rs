//! Where settings stand in a text: just enough of TOML to change one in place. Whatever is understood wrongly here
//! is noticed by whoever reads the changed text again.

use std::ops::Range;

/// A header or a setting, from where its line begins to where the next one may.
#[derive(Clone, Debug)]
pub struct Statement {
    pub from: usize,
    pub to: usize,
    pub what: What,
}

/// What stands there.
#[derive(Clone, Debug)]
pub enum What {
    /// `[name]`, or one of several `[[name]]`.
    Header { name: String, several: bool },
    /// `name = value`.
    Key { name: String, value: Range<usize> },
}

impl Statement {
    /// Whether it begins `[name]`.
    pub fn is_table(&self, wanted: &str) -> bool {
        matches!(&self.what, What::Header { name, several: false } if name == wanted)
    }

    /// Whether it begins a `[[name]]`.
    pub fn is_one_of(&self, wanted: &str) -> bool {
        matches!(&self.what, What::Header { name, several: true } if name == wanted)
    }
}

/// All of a text; comments and empty lines are between them.
pub fn statements(text: &str) -> Vec<Statement> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let next = text[at..].find('\n').map_or(text.len(), |end| at + end + 1);
        let line = &text[at..next];
        let said = line.trim_start();
        let begin = next - said.len();
        if let Some(rest) = said.strip_prefix('[') {
            let name = rest.trim_start_matches('[').split(']').next().unwrap_or_default().trim();
            let what = What::Header { name: name.to_owned(), several: rest.starts_with('[') };
            found.push(Statement { from: at, to: next, what });
        } else if let Some(equals) = said.find('=').filter(|_| !said.starts_with('#')) {
            let after = begin + equals + 1;
            let start = after + (text[after..].len() - text[after..].trim_start_matches([' ', '\t']).len());
            let (end, to) = value(text.as_bytes(), start);
            let name = said[..equals].trim().to_owned();
            found.push(Statement { from: at, to, what: What::Key { name, value: start..end } });
            at = to;
            continue;
        }
        at = next;
    }
    found
}

/// Where a value ends, and where the line after it begins.
fn value(bytes: &[u8], from: usize) -> (usize, usize) {
    let (mut at, mut depth, mut end) = (from, 0_usize, from);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' | b'\'' => {
                at = string(bytes, at);
                end = at;
                continue;
            }
            b'#' => {
                at += bytes[at..].iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len() - at);
                continue;
            }
            b'\n' if depth == 0 => return (end, at + 1),
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += 1;
        if !byte.is_ascii_whitespace() {
            end = at;
        }
    }
    (end, bytes.len())
}

/// Where a string ends that begins here.
fn string(bytes: &[u8], at: usize) -> usize {
    let quote = bytes[at];
    let is_long = bytes[at..].starts_with(&[quote; 3]);
    let mut next = at + if is_long { 3 } else { 1 };
    while let Some(byte) = bytes.get(next) {
        if quote == b'"' && *byte == b'\\' {
            next += 2;
        } else if is_long && bytes[next..].starts_with(&[quote; 3]) {
            // The last three of up to five.
            let more = bytes[next..].iter().take(5).take_while(|byte| **byte == quote).count();
            return next + more;
        } else if !is_long && *byte == quote {
            return next + 1;
        } else if !is_long && *byte == b'\n' {
            return next;
        } else {
            next += 1;
        }
    }
    bytes.len()
}
