//! The whole record as one file, for who has no patience for ten.

use std::{
    fs::{self, File},
    io::{self, BufWriter},
    path::Path,
};

use zip::{ZipWriter, write::SimpleFileOptions};

/// Packs the files of `folder`, sorted by name and without their times: the same record gives the same
/// archive.
pub fn write(folder: &Path, to: &Path) -> io::Result<()> {
    let mut names: Vec<_> =
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    names.sort_unstable();
    let mut archive = ZipWriter::new(BufWriter::new(File::create(to)?));
    for path in names {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let large = fs::metadata(&path)?.len() > u64::from(u32::MAX) / 2;
        archive.start_file(name, SimpleFileOptions::default().large_file(large)).map_err(io::Error::other)?;
        io::copy(&mut File::open(&path)?, &mut archive)?;
    }
    archive.finish().map_err(io::Error::other)?.into_inner()?.sync_all()
}
