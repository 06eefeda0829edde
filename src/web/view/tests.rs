//! Every page in every language, rendered and held to the rules that hold for all of them.
//!
//! `JEBI_PAGES=/tmp/pages cargo test every_page` also writes them there, with the stylesheet, to be
//! looked at in a browser and checked with axe and html-validate.

mod doors;
mod entering;
mod open;
mod own;
mod trouble;

use std::collections::BTreeSet;

use askama::Template;

use super::samples::Samples;
use super::*;
use crate::words::Lang;

fn pages(samples: &Samples) -> Vec<(&'static str, String)> {
    let mut pages = Vec::new();
    let mut add = |name: &'static str, page: &dyn askama::DynTemplate| {
        pages.push((name, page.dyn_render().unwrap_or_default()));
    };
    open::pages(samples, &mut add);
    doors::pages(samples, &mut add);
    entering::pages(samples, &mut add);
    own::pages(samples, &mut add);
    trouble::pages(samples, &mut add);
    console::samples::add_pages(samples, &mut add);
    pages
}

/// The values of an attribute, in order.
fn values<'a>(html: &'a str, attribute: &str) -> Vec<&'a str> {
    let opening = format!(" {attribute}=\"");
    html.split(opening.as_str()).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

/// A page without the scripts of ours that some have.
fn without_ours(html: &str) -> String {
    let ours = [&assets::SCRIPT_PATH, &assets::SESSION_SCRIPT_PATH];
    ours.iter().fold(html.to_owned(), |html, path| {
        html.replace(&format!("<script src=\"{}\" defer></script>", path.as_str()), "")
    })
}

#[test]
fn every_page_is_whole() {
    for lang in Lang::ALL {
        for (name, html) in pages(&Samples { lang, hostile: false }) {
            // To where the operator has said, and to where one buys.
            let elsewhere = match name {
                _ if name.starts_with("crossing") => "https://id.example",
                _ if name.starts_with("mine") => "https://bank.example",
                _ => "\0",
            };
            let html = without_ours(&html).replace(elsewhere, "");
            let say = format!("{name} in {}:\n{html}", lang.tag());
            assert!(html.contains(&format!("<html lang=\"{}\">", lang.tag())), "{say}");
            assert_eq!(html.matches("<h1").count(), 1, "{say}");
            assert!(html.len() < 50_000, "{} bytes, {say}", html.len());
            for forbidden in ["<script", " style=", " onclick", "http://", "https://", "No localization"] {
                assert!(!html.contains(forbidden), "{forbidden} in {say}");
            }
            let ids = values(&html, "id");
            let unique: BTreeSet<&str> = ids.iter().copied().collect();
            assert_eq!(ids.len(), unique.len(), "an id twice in {say}");
            for reference in ["for", "aria-describedby", "aria-labelledby"] {
                for target in values(&html, reference).iter().flat_map(|list| list.split(' ')) {
                    assert!(unique.contains(target), "{reference} {target} leads nowhere in {say}");
                }
            }
            for target in values(&html, "href").iter().filter_map(|href| href.strip_prefix('#')) {
                assert!(unique.contains(target), "#{target} leads nowhere in {say}");
            }
            // Every post carries the session's token; `Busy` repeats the one that was sent.
            assert_eq!(html.matches("<form").count(), html.matches("name=\"csrf\"").count(), "{say}");
            assert_eq!(html.matches("<form").count(), html.matches(" novalidate").count(), "{say}");
        }
    }
}

#[test]
fn a_page_with_errors_says_so_three_times() {
    for (lang, prefix) in [
        (Lang::Ko, "<title>오류: "),
        (Lang::KoSimple, "<title>다시 봐 주세요: "),
        (Lang::En, "<title>Error: "),
    ] {
        for (name, html) in pages(&Samples { lang, hostile: false }) {
            let wrong = html.contains("role=\"alert\"");
            assert_eq!(html.contains(prefix), wrong, "{name}");
        }
        let identity = Identity {
            errors: vec![errors::email_missing(lang)],
            channel: Some(Channel::Email),
            ..Samples { lang, hostile: false }.identity()
        };
        let html = identity.render().unwrap_or_default();
        assert_eq!(html.matches(&errors::email_missing(lang).message).count(), 2, "{html}");
        assert!(html.contains("aria-invalid=\"true\" aria-describedby=\"email-hint email-error\""), "{html}");
    }
}

#[test]
fn nothing_from_outside_becomes_markup() {
    for lang in Lang::ALL {
        for (name, html) in pages(&Samples { lang, hostile: true }) {
            let html = without_ours(&html);
            assert!(!html.contains("<script"), "{name}:\n{html}");
        }
    }
}

#[test]
fn every_page_can_be_written_out_to_look_at() -> std::io::Result<()> {
    let Ok(folder) = std::env::var("JEBI_PAGES") else { return Ok(()) };
    let folder = std::path::Path::new(&folder);
    std::fs::create_dir_all(folder.join("static"))?;
    let files = [
        (&STYLESHEET_PATH, STYLESHEET),
        (&CONSOLE_STYLESHEET_PATH, CONSOLE_STYLESHEET),
        (&FAVICON_PATH, FAVICON),
        (&assets::SCRIPT_PATH, assets::SCRIPT),
        (&assets::SESSION_SCRIPT_PATH, assets::SESSION_SCRIPT),
    ];
    for (path, content) in files {
        std::fs::write(folder.join(path.trim_start_matches('/')), content)?;
    }
    for lang in Lang::ALL {
        for (name, html) in pages(&Samples { lang, hostile: false }) {
            std::fs::write(folder.join(format!("{name}.{}.html", lang.tag())), html)?;
        }
    }
    Ok(())
}
