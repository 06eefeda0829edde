//! A folder with which a city makes the pages look like its own: name, logo, colours, a stylesheet after ours.
//!
//! What would harm somebody is refused at start, with numbers: colours that cannot be read, files that make a page
//! heavy, and anything that would load from elsewhere. That a site is an official one is said only where the folder says
//! so: no page of ours claims it by itself.

mod colours;

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde::Deserialize;

use colours::Colours;

/// All files of a theme together, in bytes: the heaviest page with them stays below 50 kB (`docs/pages.md`).
pub const MOST_BYTES: usize = 8_000;

/// What a theme's `theme.toml` says.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Said {
    service_ko: Option<String>,
    service_en: Option<String>,
    official: bool,
    official_ko: Option<String>,
    official_en: Option<String>,
    footer_ko: Vec<String>,
    footer_en: Vec<String>,
    logo_width: Option<u16>,
    logo_height: Option<u16>,
    light: Colours,
    dark: Colours,
}

/// A file that pages load.
#[derive(Clone, Debug)]
pub struct ThemeFile {
    /// Where: its name changes with its content, so that it is kept for ever.
    pub path: String,
    /// Its media type.
    pub kind: &'static str,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// A theme, read and found harmless.
#[derive(Clone, Debug, Default)]
pub struct Theme {
    said: Said,
    /// Colours, and the city's own rules after them.
    pub stylesheet: Option<ThemeFile>,
    /// In the header.
    pub logo: Option<ThemeFile>,
    /// In the browser's tab.
    pub favicon: Option<ThemeFile>,
}

/// Why a theme is not used, and a server not started.
#[derive(Debug, thiserror::Error)]
#[error("the theme in {} cannot be used:\n{}", .folder.display(), .problems.join("\n"))]
pub struct ThemeError {
    /// Where it lies.
    pub folder: PathBuf,
    /// Each in a sentence.
    pub problems: Vec<String>,
}

impl Theme {
    /// Reads a folder.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn load(folder: &Path) -> Result<Self, ThemeError> {
        let mut problems = Vec::new();
        let said = said(folder, &mut problems);
        let (light, dark) = colours::usual();
        problems.extend(colours::problems("light", &light, &said.light));
        problems.extend(colours::problems("dark", &dark, &said.dark));
        if said.official && (said.official_ko.is_none() || said.official_en.is_none()) {
            problems
                .push("`official` needs `official_ko` and `official_en`: the words that say so.".to_owned());
        }
        for (key, size, most) in [("logo_width", said.logo_width, 320), ("logo_height", said.logo_height, 64)]
        {
            if size.is_some_and(|size| !(16..=most).contains(&size)) {
                problems.push(format!("`{key}` must be from 16 to {most} pixels."));
            }
        }
        let own = read(folder, "style.css", &mut problems)
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        let own = own.unwrap_or_default();
        // Letters can be written in other ways behind one, and none of ours needs it.
        for word in ["@import", "url(", "image-set(", "src(", "\\"] {
            if own.to_ascii_lowercase().contains(word) {
                problems.push(format!(
                    "style.css has {word}…: nothing may load from there. Put pictures in logo.svg."
                ));
            }
        }
        let css = format!("{}{own}", sheet(&said));
        let stylesheet = (!css.is_empty()).then(|| file("theme", "css", css.into_bytes()));
        let logo = picture(folder, "logo", &mut problems);
        let favicon = picture(folder, "favicon", &mut problems);
        let all = [&stylesheet, &logo, &favicon].into_iter().flatten().map(|file| file.bytes.len());
        let bytes = all.sum::<usize>();
        if bytes > MOST_BYTES {
            problems.push(format!(
                "its files have {bytes} bytes together, {MOST_BYTES} are the most: phones pay for them."
            ));
        }
        match problems.is_empty() {
            true => Ok(Self { said, stylesheet, logo, favicon }),
            false => Err(ThemeError { folder: folder.to_owned(), problems }),
        }
    }

    /// The file that is served at a path.
    pub fn find(&self, path: &str) -> Option<&ThemeFile> {
        [&self.stylesheet, &self.logo, &self.favicon].into_iter().flatten().find(|file| file.path == path)
    }

    /// What the service is called here.
    pub fn service(&self, korean: bool) -> Option<&str> {
        if korean { self.said.service_ko.as_deref() } else { self.said.service_en.as_deref() }
    }

    /// That this is an official site, in words; only where the city says so.
    pub fn official(&self, korean: bool) -> Option<&str> {
        let words = if korean { &self.said.official_ko } else { &self.said.official_en };
        words.as_deref().filter(|_| self.said.official)
    }

    /// Lines at the foot of every page.
    pub fn footer(&self, korean: bool) -> &[String] {
        if korean { &self.said.footer_ko } else { &self.said.footer_en }
    }

    /// Width and height of the logo, in pixels.
    pub fn logo_size(&self) -> (u16, u16) {
        (self.said.logo_width.unwrap_or(32), self.said.logo_height.unwrap_or(32))
    }
}

fn said(folder: &Path, problems: &mut Vec<String>) -> Said {
    let text = match fs::read_to_string(folder.join("theme.toml")) {
        Ok(text) => text,
        Err(error) => {
            problems.push(format!("theme.toml: {error}."));
            return Said::default();
        }
    };
    toml::from_str(&text).unwrap_or_else(|error| {
        problems.push(format!("theme.toml: {}", error.to_string().trim_end()));
        Said::default()
    })
}

/// The custom properties.
fn sheet(said: &Said) -> String {
    let set = |colours: &Colours| {
        let all = colours.iter().map(|(name, value)| format!("--{name}:{value};"));
        format!(":root{{{}}}", all.collect::<String>())
    };
    // Only in light: ours for the dark stands before this, and nothing that is said twice wins by being in a query.
    let light = match said.light.is_empty() {
        true => String::new(),
        false => format!("@media not all and (prefers-color-scheme:dark){{{}}}", set(&said.light)),
    };
    match said.dark.is_empty() {
        true => light,
        false => format!("{light}@media(prefers-color-scheme:dark){{{}}}", set(&said.dark)),
    }
}

/// A file of the folder; `None` if it is not there.
fn read(folder: &Path, name: &str, problems: &mut Vec<String>) -> Option<Vec<u8>> {
    match fs::read(folder.join(name)) {
        Ok(bytes) => Some(bytes),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => {
            problems.push(format!("{name}: {error}."));
            None
        }
    }
}

fn picture(folder: &Path, name: &str, problems: &mut Vec<String>) -> Option<ThemeFile> {
    for ending in ["svg", "png"] {
        let whole = format!("{name}.{ending}");
        let Some(bytes) = read(folder, &whole, problems) else { continue };
        let text = String::from_utf8_lossy(&bytes).to_ascii_lowercase().replace("http://www.w3.org/", "");
        let handler = text.split_whitespace().any(|word| {
            let name = word.split('=').next().unwrap_or_default();
            word.contains('=')
                && name.len() > 2
                && name.starts_with("on")
                && name.bytes().all(|b| b.is_ascii_alphabetic())
        });
        if ending == "svg" && handler {
            problems.push(format!("{whole} has on…=: a picture does nothing."));
        }
        for word in
            ["<script", "<foreignobject", "<!entity", "http://", "https://", "javascript:", "data:", "&#"]
        {
            if ending == "svg" && text.contains(word) {
                problems.push(format!("{whole} has {word}…: a picture needs none of it."));
            }
        }
        return Some(file(name, ending, bytes));
    }
    None
}

fn file(name: &str, ending: &str, bytes: Vec<u8>) -> ThemeFile {
    let digest = public_audit::Digest::of(&bytes).to_string();
    let short: String = digest.chars().take(16).collect();
    let kind = match ending {
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        _ => "image/png",
    };
    ThemeFile { path: format!("/static/{name}-{short}.{ending}"), kind, bytes }
}
