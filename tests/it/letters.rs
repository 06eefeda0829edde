//! Letters on paper, read back by programs we did not write: poppler for the text, zbar for the code.

use std::{collections::BTreeMap, path::Path, process::Command};

use jebi::{
    notify::{
        content,
        message::{Sender, sheet},
        paper::{self, Layout, Sheet},
    },
    store,
    words::{Lang, instant::minute},
};

use crate::support::{Engine, TestApp, both};

/// A reason and a title may be long: they are printed smaller, and never over the code.
#[test]
fn a_long_letter_stays_above_its_code() {
    let sentence = |count: usize| "은행 전산 점검이 길어져 시간을 늦춥니다. ".repeat(count);
    let sheet = |text: Vec<String>| Sheet {
        sender: "통영시".to_owned(),
        heading: "구매 시간이 늦춰졌습니다".to_owned(),
        facts: ["내 구매 시간", "구매 기한", "금액"]
            .map(|name| (name.to_owned(), "12월 22일(수) 오전 10:20까지".to_owned()))
            .to_vec(),
        text,
        scanned: "tongyeong famx".to_owned(),
        receipt: "famx".to_owned(),
        ..Sheet::default()
    };
    let short: Vec<String> = (0..7).map(|_| sentence(1)).collect();
    let long = [short.clone(), vec![sentence(9)]].concat();
    let longest = [short.clone(), vec![sentence(40), "끝까지 읽습니다.".to_owned()]].concat();
    let font = std::fs::read(FONT).expect("fonts-noto-cjk is missing: run `tests/run`");
    let folder = tempfile::tempdir().unwrap();
    let pdf = paper::print(&[sheet(short), sheet(long), sheet(longest)], font).unwrap();
    std::fs::write(folder.path().join("l.pdf"), pdf).unwrap();
    let text = run(folder.path(), "pdftotext", &["-bbox", "l.pdf", "-"]);
    let number = |line: &str, name: &str| -> f32 {
        let (_, rest) = line.split_once(&format!("{name}=\"")).unwrap();
        rest.split('"').next().unwrap().parse().unwrap()
    };
    let words: Vec<&str> =
        text.lines().filter(|line| line.contains("<word ") && !line.contains("famx")).collect();
    assert!(words.last().is_some_and(|word| word.contains("읽습니다.")), "{text}");
    assert!(text.matches("<page ").count() >= 4, "{text}");
    for word in words {
        // The code begins here.
        assert!(number(word, "yMax") <= 841.89 - 56.0 - 108.0 - 16.0 + 1.0, "{word}");
    }
}

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
    for ready in content::ready(&t.app, &notices).await.unwrap() {
        let ready = ready.expect("everybody has something to be told");
        for lang in Lang::ALL {
            let letter = sheet(&ready.message, lang, &sender, &round.slug).unwrap();
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
