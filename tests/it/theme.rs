//! A city's own look: every page wears it, nothing of it can harm, and what could is refused with its numbers.

use std::{fs, path::Path};

use axum::http::{StatusCode, header};
use jebi::{
    app::App,
    config::{MOST_THEME_BYTES, Theme},
};

use crate::support::{Engine, TestApp, between};

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/theme");

#[tokio::test]
async fn every_page_wears_the_theme_and_loads_nothing_else() {
    let plain = TestApp::start(Engine::Sqlite).await;
    let t = TestApp::start_with(Engine::Sqlite, |config| config.theme_dir = Some(EXAMPLE.into())).await;
    for path in ["/", "/status", "/privacy", "/console/sign-in", "/nowhere"] {
        let page = t.browser().get(path).await;
        let body = page.body();
        assert!(
            body.contains("통영시 <b>새마을사랑상품권</b>") && body.contains("새마을시 시청로 1"),
            "{path}: {body}"
        );
        assert!(!body.contains("공식"), "{path} claims to be official: {body}");
        let before = plain.browser().get(path).await;
        assert_eq!(
            page.header(header::CONTENT_SECURITY_POLICY),
            before.header(header::CONTENT_SECURITY_POLICY)
        );
        // After ours.
        let (ours, own) = (body.find("/static/jebi-").unwrap(), body.find("/static/theme-").unwrap());
        assert!(ours < own, "{path}");
    }
    let page = t.browser().in_english().get("/").await;
    assert!(page.body().contains("<b>Saemaeul Love voucher</b>"), "{}", page.body());
    for (name, kind, holds) in
        [("theme", "text/css; charset=utf-8", "--main:#1c4587;"), ("logo", "image/svg+xml", "<svg")]
    {
        let path =
            format!("/static/{name}-{}", between(page.body(), &format!("\"/static/{name}-"), "\"").unwrap());
        let file = t.browser().get(&path).await;
        assert_eq!((file.status, file.header(header::CONTENT_TYPE)), (StatusCode::OK, kind), "{path}");
        assert!(
            file.body().contains(holds) && file.header(header::CACHE_CONTROL).contains("immutable"),
            "{}",
            file.body()
        );
    }
    assert!(page.body().contains("width=\"40\" height=\"32\""), "{}", page.body());
}

#[test]
fn what_could_harm_is_refused_with_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let refused = |toml: &str| {
        fs::write(folder.join("theme.toml"), toml).unwrap();
        Theme::load(folder).map_or_else(|error| error.to_string(), |_| String::new())
    };
    assert_eq!(refused(""), "");
    assert!(
        refused("[light]\nmain = \"#8fbf9f\"")
            .contains("`main` on `paper` has a contrast of 1.95:1, 4.5:1 is the least")
    );
    // In the dark, too, and against what is not set.
    assert!(refused("[dark]\npaper = \"#777777\"").contains("[dark] `ink` on `paper` has a contrast of"));
    assert!(refused("[light]\nlogo = \"#000000\"\nmain = \"blue\"").contains("write it as #rrggbb"));
    assert!(refused("official = true").contains("`official` needs `official_ko`"));
    assert!(refused("offical = true").contains("unknown field"));
    assert!(refused("logo_height = 400").contains("from 16 to 64"));
    for (file, text, why) in [
        ("style.css", "@import 'https://fonts.example/x.css';".to_owned(), "@import"),
        ("style.css", "body{background:URL(https://x.example/p.png)}".to_owned(), "url("),
        ("style.css", "body{background:\\75rl(https://x.example/p.png)}".to_owned(), "\\"),
        ("logo.svg", "<svg onload='x()'/>".to_owned(), "on…="),
        ("logo.svg", "<svg><image href='data:image/svg+xml,x'/></svg>".to_owned(), "data:"),
        ("style.css", "a{}".repeat(MOST_THEME_BYTES / 3 + 1), "are the most"),
        (
            "logo.svg",
            "<svg xmlns='http://www.w3.org/2000/svg'><script>x</script></svg>".to_owned(),
            "<script",
        ),
        ("logo.svg", "<svg><image href='https://x.example/p.png'/></svg>".to_owned(), "https://"),
    ] {
        fs::write(folder.join(file), text).unwrap();
        let said = refused("");
        assert!(said.contains(why) && said.contains(&folder.display().to_string()), "{said}");
        fs::remove_file(folder.join(file)).unwrap();
    }
    assert!(Theme::load(Path::new("/nowhere")).unwrap_err().to_string().contains("theme.toml"));
}

#[tokio::test]
async fn a_service_does_not_start_with_a_theme_that_cannot_be_read() {
    let t = TestApp::start(Engine::Sqlite).await;
    let folder = t.folder().join("theme");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("theme.toml"), "[light]\nink = \"#bbbbbb\"").unwrap();
    let mut config = t.app.config.as_ref().clone();
    config.theme_dir = Some(folder);
    let error = App::start(config.clone(), t.app.clock.clone()).await.err().unwrap().to_string();
    assert!(error.contains("`ink` on `card` has a contrast of"), "{error}");
    assert!(config.ready_to_serve().unwrap_err().to_string().contains("`ink` on `card`"));
}

#[test]
fn the_heaviest_page_has_room_for_a_theme() {
    let pages = include_str!("../../docs/pages.md")
        .lines()
        .filter(|line| line.starts_with("| GET") || line.starts_with("| POST"));
    let heaviest = pages
        .filter(|line| !line.contains("/verify`"))
        .filter_map(|line| line.trim_end_matches(" |").rsplit(' ').next()?.parse::<usize>().ok())
        .max()
        .unwrap();
    assert!(heaviest * 1_000 + MOST_THEME_BYTES <= 50_000, "{heaviest} kB and {MOST_THEME_BYTES} bytes");
}
