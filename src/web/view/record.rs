//! `GET /rounds/{slug}/record`: the files that suffice to recompute the draw.

use askama::Template;

use super::{Beacon, Page, assets};
use crate::words::{Lang, number};

/// The record's files and how to check them.
#[derive(Debug, Template)]
#[template(path = "pages/record.html")]
pub struct Record {
    /// The frame.
    pub page: Page,
    /// The round's name in addresses.
    pub slug: String,
    /// The round's name for people.
    pub title: String,
    /// Where the public chance came from.
    pub beacon: Beacon,
    /// The files, in the order of the manifest.
    pub files: Vec<RecordFile>,
    /// What happened after the draw, if anything did.
    pub after: Vec<RecordFile>,
}

/// One file; it is fetched from `/rounds/{slug}/record/{name}`.
#[derive(Clone, Debug)]
pub struct RecordFile {
    /// Its name.
    pub name: String,
    /// Its length.
    pub bytes: u64,
    /// Its digest in hex.
    pub sha256: String,
}

impl RecordFile {
    fn size(&self) -> String {
        number::bytes(self.bytes)
    }
}

impl Record {
    fn heading(&self) -> String {
        t!(self.page, "record-heading")
    }
}
