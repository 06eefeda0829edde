//! The published record, fetched as anybody would.

use std::{
    fs,
    path::{Path, PathBuf},
};

use public_audit::record::{MANIFEST, parse_manifest};

/// Fetches the record of a round into a folder.
///
/// # Errors
/// What the site or the file system said.
pub async fn download(site: &str, slug: &str, folder: &Path) -> anyhow::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    let manifest = fetch(site, slug, MANIFEST).await?;
    let listed = parse_manifest(std::str::from_utf8(&manifest)?)?;
    let names = listed.iter().map(|(name, _)| *name);
    for name in names.chain([MANIFEST]) {
        fs::write(folder.join(name), fetch(site, slug, name).await?)?;
    }
    Ok(folder.to_owned())
}

async fn fetch(site: &str, slug: &str, name: &str) -> anyhow::Result<Vec<u8>> {
    let response = reqwest::get(format!("{site}/rounds/{slug}/record/{name}")).await?;
    Ok(response.error_for_status()?.bytes().await?.to_vec())
}
