//! Rosters: who may enter, who is served without entering, and what a kill leaves of both.

mod found;
mod guessed;
mod kills;
mod replaced;
mod served;

use std::{fmt::Write as _, fs, path::PathBuf, sync::Arc};

use jebi::{
    domain::{
        draft::{Draft, Serves},
        roster::MatchBy,
    },
    roster::{
        Import, ImportError, Summary,
        import::{Progress, import},
    },
};
use public_audit::rules::Mode;

use crate::support::TestApp;

fn quiet() -> Progress {
    Arc::new(|_, _, _| {})
}

/// A file with this text.
fn written(t: &TestApp, text: &str) -> PathBuf {
    let file = t.folder().join("list.csv");
    fs::write(&file, text).unwrap();
    file
}

pub async fn imported(t: &TestApp, text: &str, match_by: Option<MatchBy>) -> Result<Summary, ImportError> {
    imported_as(t, "list", text, match_by).await
}

pub async fn imported_as(
    t: &TestApp,
    name: &str,
    text: &str,
    match_by: Option<MatchBy>,
) -> Result<Summary, ImportError> {
    let wanted = Import {
        name: name.to_owned(),
        file: written(t, text),
        maps: Vec::new(),
        match_by,
        leave_out: false,
        resume: false,
    };
    import(&t.app, wanted, quiet()).await
}

/// `count` people with a mail address; every second one lives with the one before.
pub fn people(count: usize) -> String {
    let mut text = "이름,이메일,생년월일,읍면동,세대번호\n".to_owned();
    for number in 0..count {
        let town = ["중앙동", "광도면"][number % 2];
        let year = 1950 + number % 50;
        let household = number / 2;
        writeln!(text, "사람{number},r{number}@example.org,{year}-03-04,{town},H{household}").unwrap();
    }
    text
}

pub fn serving(t: &TestApp, count: u32) -> Draft {
    let mut draft = t.draft(count);
    draft.mode = Mode::Everyone;
    draft.roster = Some("list".to_owned());
    draft.serves = Serves::Roster;
    draft.goods.budget = draft.goods.cap * u64::from(count);
    draft
}
