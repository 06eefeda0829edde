//! The static files, and names for them that change with their content.

use std::sync::LazyLock;

/// The stylesheet.
pub const STYLESHEET: &str = include_str!("../../../templates/static/jebi.css");
/// What pages of staff have besides: tables and charts.
pub const CONSOLE_STYLESHEET: &str = include_str!("../../../templates/static/console.css");
/// The icon, also the mark in the header: a folded paper lot.
pub const FAVICON: &str = include_str!("../../../templates/static/favicon.svg");

/// The script of pages that wait for one's own second; all of them do without it.
pub const SCRIPT: &str = include_str!("../../../templates/static/moment.js");

/// The script of pages that somebody is known on: says before that ends, and gives more time.
pub const SESSION_SCRIPT: &str = include_str!("../../../templates/static/session.js");

/// Where pages load the stylesheet from; a new content has a new path, so it may be cached for ever.
pub static STYLESHEET_PATH: LazyLock<String> = LazyLock::new(|| hashed("jebi", STYLESHEET, "css"));
/// Where pages of staff load theirs from.
pub static CONSOLE_STYLESHEET_PATH: LazyLock<String> =
    LazyLock::new(|| hashed("console", CONSOLE_STYLESHEET, "css"));
/// Where pages load the icon from.
pub static FAVICON_PATH: LazyLock<String> = LazyLock::new(|| hashed("favicon", FAVICON, "svg"));

/// Where pages that wait load the script from.
pub static SCRIPT_PATH: LazyLock<String> = LazyLock::new(|| hashed("moment", SCRIPT, "js"));

/// Where pages load that one from.
pub static SESSION_SCRIPT_PATH: LazyLock<String> = LazyLock::new(|| hashed("session", SESSION_SCRIPT, "js"));

/// What `/static/{file}` answers: media type and text. `None` for a name we do not serve, such as an older hash.
pub fn asset(file: &str) -> Option<(&'static str, &'static str)> {
    let is = |path: &str| path.strip_prefix("/static/") == Some(file);
    if is(&STYLESHEET_PATH) {
        Some(("text/css; charset=utf-8", STYLESHEET))
    } else if is(&CONSOLE_STYLESHEET_PATH) {
        Some(("text/css; charset=utf-8", CONSOLE_STYLESHEET))
    } else if is(&SCRIPT_PATH) {
        Some(("text/javascript; charset=utf-8", SCRIPT))
    } else if is(&SESSION_SCRIPT_PATH) {
        Some(("text/javascript; charset=utf-8", SESSION_SCRIPT))
    } else if is(&FAVICON_PATH) {
        Some(("image/svg+xml", FAVICON))
    } else {
        None
    }
}

/// FNV-1a: the name only has to differ when the content does; nobody attacks it.
fn hashed(name: &str, content: &str, ending: &str) -> String {
    let hash = content.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("/static/{name}-{hash:016x}.{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_current_names_are_served() {
        let file = STYLESHEET_PATH.trim_start_matches("/static/");
        assert_eq!(asset(file), Some(("text/css; charset=utf-8", STYLESHEET)));
        assert_eq!(
            asset(FAVICON_PATH.trim_start_matches("/static/")).map(|(kind, _)| kind),
            Some("image/svg+xml")
        );
        assert_eq!(asset("jebi-0.css"), None);
        assert_eq!(asset("../Cargo.toml"), None);
    }

    #[test]
    fn the_stylesheet_is_small_and_loads_nothing() {
        assert!(STYLESHEET.len() <= 15_000, "{} bytes", STYLESHEET.len());
        assert!(!STYLESHEET.contains("url(") && !STYLESHEET.contains("@import"));
    }
}
