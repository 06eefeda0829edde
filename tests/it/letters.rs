//! Letters on paper, read back by programs we did not write: poppler for the text, zbar for the code.

use std::{collections::BTreeMap, path::Path, process::Command};

use jebi::{
    notify::{
        letter::{Sender, sheet},
        paper::{self, Layout, Sheet},
        words,
    },
    store,
    words::{Lang, instant::minute},
};

use crate::support::{Engine, TestApp, both};

both!(a_batch_of_letters_holds_everybody_s_minute_and_a_code_that_scans);

/// What `tests/run` installs.
const FONT: &str = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc";

fn run(folder: &Path, program: &str, words: &[&str]) -> String {
    let output = Command::new(program).args(words).current_dir(folder).output();
    let output =
        output.unwrap_or_else(|error| panic!("{program}: {error}: run `tests/run`, which installs it"));
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

async fn a_batch_of_letters_holds_everybody_s_minute_and_a_code_that_scans(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    t.entered(&round, 3).await;
    t.draw(&round).await;
    let mut notices = store::notice::list(t.db(), round.id, "result").await.unwrap();
    for notice in &mut notices {
        notice.channel = "letter".to_owned();
    }
    let sender = Sender::of(&t.app.config.municipality);
    let mut sheets = Vec::new();
    for ready in words::ready(&t.app, &notices).await.unwrap() {
        let ready = ready.expect("everybody has something to be told");
        for lang in Lang::ALL {
            let letter = sheet(&ready.words, lang, &sender, &round.slug).unwrap();
            let slip = Sheet { layout: Layout::Slip, ..letter.clone() };
            sheets.extend([letter, slip]);
        }
    }
    assert_eq!(sheets.len(), 2 * 3 * Lang::ALL.len());
    let font = std::fs::read(FONT).expect("fonts-noto-cjk is missing: run `tests/run`");
    let pdf = paper::print(&sheets, font).unwrap();
    // Of a font of 19 MB only the letters that are used.
    assert!(pdf.len() < 600_000, "{} bytes", pdf.len());
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("letters.pdf"), &pdf).unwrap();
    if let Ok(keep) = std::env::var("JEBI_TEST_SHOTS") {
        std::fs::create_dir_all(&keep).unwrap();
        std::fs::write(Path::new(&keep).join("letters.pdf"), &pdf).unwrap();
    }

    let text = run(folder.path(), "pdftotext", &["-layout", "letters.pdf", "-"]);
    let pages: Vec<&str> = text.split('\u{c}').filter(|page| !page.trim().is_empty()).collect();
    assert_eq!(pages.len(), sheets.len());
    let places = store::assignment::list_by_rank(t.db(), round.id).await.unwrap();
    let starts: BTreeMap<_, _> =
        places.into_iter().map(|place| (place.receipt, place.starts_at.unwrap())).collect();
    for (page, sheet) in pages.iter().zip(&sheets) {
        assert!(page.contains(&sheet.receipt), "{page}");
        let found = Lang::ALL.into_iter().any(|lang| {
            // A long line may be broken where a word ends.
            let flat = |text: &str| text.split_whitespace().collect::<String>();
            flat(page).contains(&flat(&minute(starts[&sheet.receipt], lang)))
        });
        assert!(found, "no minute on\n{page}");
        assert!(page.contains("055-000-0000") && !page.contains("http"), "{page}");
    }
    run(folder.path(), "pdftoppm", &["-r", "100", "-f", "1", "-l", "2", "-png", "letters.pdf", "page"]);
    let pages = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
    for png in pages.filter(|path| path.extension().is_some_and(|kind| kind == "png")) {
        // The letter and its slip.
        let scanned = run(folder.path(), "zbarimg", &["--quiet", "--raw", png.to_str().unwrap()]);
        assert_eq!(scanned.trim(), format!("{} {}", round.slug, sheets[0].receipt));
    }
}
