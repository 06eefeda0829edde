//! The page above an address that only takes forms: whoever reads there that something is wrong, or chooses another
//! language, is led to what can be read.

use std::sync::LazyLock;

use axum::http::Method;

use super::{console, router};

/// Addresses that show something, and those that only take forms.
static ADDRESSES: LazyLock<[Vec<&'static str>; 2]> = LazyLock::new(|| {
    let residents = router::addresses().into_iter().map(|address| (address.method, address.path));
    let staff = console::routes().into_iter().map(|route| (route.method, route.path));
    let (shown, taken): (Vec<_>, Vec<_>) =
        residents.chain(staff).partition(|(method, _)| *method == Method::GET);
    let shown: Vec<&str> = shown.into_iter().map(|(_, path)| path).collect();
    let taken = taken.into_iter().map(|(_, path)| path).filter(|path| !shown.contains(path)).collect();
    [shown, taken]
});

/// The nearest page above an address that only takes forms; any other address is its own.
pub fn page_of(path: &str) -> &str {
    let [shown, taken] = &*ADDRESSES;
    let is_of = |patterns: &[&str], path: &str| patterns.iter().any(|pattern| fits(pattern, path));
    if is_of(shown, path) || !is_of(taken, path) {
        return path;
    }
    let mut page = path;
    while let Some((above, _)) = page.rsplit_once('/').filter(|(above, _)| !above.is_empty()) {
        page = above;
        if is_of(shown, page) {
            return page;
        }
    }
    "/"
}

/// Whether an address is one of a pattern as axum writes them, none of which that take forms ends in a wildcard.
fn fits(pattern: &str, path: &str) -> bool {
    let (mut pattern, mut path) = (pattern.split('/'), path.split('/'));
    loop {
        match (pattern.next(), path.next()) {
            (None, None) => return true,
            (Some(part), Some(one)) if part.starts_with('{') || part == one => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_lead_to_the_page_above_them() {
        for (path, page) in [
            ("/console/find/person", "/console/find"),
            ("/console/counter/tongyeong/undo", "/console/counter/tongyeong"),
            ("/rounds/tongyeong/code/again", "/rounds/tongyeong/code"),
            ("/rounds/tongyeong/details", "/rounds/tongyeong/details"),
            ("/identity/bridge", "/"),
            ("/nowhere/at/all", "/nowhere/at/all"),
        ] {
            assert_eq!(page_of(path), page);
        }
    }
}
