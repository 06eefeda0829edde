//! `jebi drill FILE` beside a deployment: what it keeps there for an announcement, and what it says of it.

use std::{
    fs,
    path::Path,
    process::{Output, Stdio},
};

use entities::drill::{Entity, Model};
use jebi::{domain::drill::Size, store};
use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, EntityTrait};
use tempfile::TempDir;

/// A folder with a draft, and the configuration of a deployment that was started once.
fn deployment(toml: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("jebi.toml"), toml).unwrap();
    fs::write(folder.path().join("round.toml"), include_str!("../../docs/round.example.toml")).unwrap();
    let state = folder.path().join("state");
    fs::create_dir(&state).unwrap();
    fs::write(state.join("secret.key"), "07".repeat(32)).unwrap();
    folder
}

const TOML: &str = "state_dir = \"state\"\npublic_url = \"https://draw.city.example\"\n";

async fn jebi(folder: &Path, args: &[&str]) -> Output {
    tokio::process::Command::new(env!("CARGO_BIN_EXE_jebi"))
        .args(args)
        .current_dir(folder)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .unwrap()
}

/// Exit code, and standard error.
async fn drill(folder: &Path, more: &[&str]) -> (Option<i32>, String) {
    let draft = folder.join("round.toml");
    let output =
        jebi(folder, &[&["drill", draft.to_str().unwrap(), "--report", "report"][..], more].concat()).await;
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

/// The deployment's database, up to date.
async fn migrated(folder: &Path) -> DatabaseConnection {
    let output = jebi(folder, &["migrate"]).await;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    database(folder).await
}

async fn database(folder: &Path) -> DatabaseConnection {
    let url = format!("sqlite://{}", folder.join("state/jebi.sqlite").display());
    Database::connect(url).await.unwrap()
}

async fn kept(folder: &Path) -> Vec<Model> {
    Entity::find().all(&database(folder).await).await.unwrap()
}

/// Thirty of 5,000 people.
const FEW: [&str; 2] = ["--scale", "0.006"];

#[tokio::test]
async fn a_drill_of_a_few_is_kept_and_says_that_no_round_is_announced_on_it() {
    let folder = deployment(TOML);
    migrated(folder.path()).await;
    let (code, said) = drill(folder.path(), &FEW).await;
    assert_eq!(code, Some(0), "{said}");
    let kept = kept(folder.path()).await;
    let [one] = &kept[..] else { panic!("one: {said}") };
    assert_eq!((one.over_sockets, one.in_process), (30, 5_000), "{said}");
    // As the list in the console says it.
    assert_eq!((one.title_ko.as_str(), one.halted), ("통영사랑상품권 1월", false));
    assert_eq!(one.version, env!("CARGO_PKG_VERSION"));
    let why = "30 people over sockets and 5,000 in process, and 2,000 and 5,000 are asked for";
    assert!(one.held && said.contains("Kept as drill 1") && said.contains(why), "{said}");
    // At the terminal the whole path helps.
    let again = format!("un `jebi drill {}`", folder.path().join("round.toml").display());
    assert!(said.contains(&again), "{said}");
    // While it ran it said how far it was, and in which order.
    let stages = [
        "drawn in process: all 5,000 people",
        "entering: 30 of 30",
        "sealed: 30 people",
        "drawn: 30 people",
        "told: ",
        "bought: ",
        "verified: the record of 30 people",
    ];
    let at = stages.map(|stage| said.find(stage));
    assert!(at.iter().all(Option::is_some) && at.is_sorted(), "{said}");
    // It is signed as the round will be, and does not say where the file lies.
    assert!(one.note.contains("— draw.city.example "), "{}", one.note);
    assert!(one.note.starts_with("jebi drill round.toml\n"), "{}", one.note);
    assert!(
        one.page.contains("compare it with signing_key")
            && one.page.contains("jebi drill round.toml --scale 0.006")
    );
    let place = folder.path().to_str().unwrap();
    assert!([&one.note, &one.page, &one.report].iter().all(|text| !text.contains(place)), "{}", one.page);
}

/// A database that is away when the drill is over takes nothing away from what it found.
#[tokio::test]
async fn a_report_that_cannot_be_kept_is_printed_and_says_so() {
    let folder = deployment(TOML);
    let db = migrated(folder.path()).await;
    let away =
        "CREATE TRIGGER away BEFORE INSERT ON drill BEGIN SELECT RAISE(ABORT, 'nothing is taken'); END";
    db.execute_unprepared(away).await.unwrap();
    let all = [&["drill", "round.toml", "--report", "report", "--json"][..], &FEW].concat();
    let output = jebi(folder.path(), &all).await;
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    for words in ["the report is not kept: ", "nothing is taken", "run `jebi drill round.toml` again"] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert!(!said.contains("Kept as drill"), "{said}");
    let figures: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(figures["people"]["sockets"], 30);
    assert_eq!(fs::read(folder.path().join("report/report.json")).unwrap(), output.stdout);
    assert!(kept(folder.path()).await.is_empty());
}

/// What would be if the seller took half is not what the round is announced on, and does not stand in its way.
#[tokio::test]
async fn what_would_be_if_is_not_kept_and_says_so() {
    let folder = deployment(TOML);
    migrated(folder.path()).await;
    let (code, said) = drill(folder.path(), &[&FEW[..], &["--capacity", "1"]].concat()).await;
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("not kept for `jebi announce`"), "{said}");
    assert!(folder.path().join("report/report.json").is_file());
    assert!(kept(folder.path()).await.is_empty());
}

/// A mistake that would be found after the drill, when its report is to be kept, is told before it.
#[tokio::test]
async fn a_mistake_in_the_configuration_is_told_before_the_drill() {
    let folder = deployment("state_dirr = \"state\"\n");
    let (code, said) = drill(folder.path(), &FEW).await;
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("state_dirr") && said.contains("did you mean `state_dir`?"), "{said}");
    assert!(!folder.path().join("report").exists());
}

#[tokio::test]
async fn where_no_deployment_was_started_it_says_so_before_the_drill() {
    let folder = deployment(TOML);
    fs::remove_file(folder.path().join("state/secret.key")).unwrap();
    // A drill that cannot begin, so that it is seen when this is said.
    let (code, said) = drill(folder.path(), &["--scale", "2"]).await;
    assert_eq!(code, Some(2), "{said}");
    let (first, last) = (said.find("There is no state/secret.key"), said.find("--scale is above 0"));
    assert!(first.is_some() && first < last, "{said}");
    assert!(!folder.path().join("state/jebi.sqlite").exists());
}

/// What happens to a round that nobody could have sealed is the worst that a drill can find, and stands against it.
#[tokio::test]
async fn a_drill_that_comes_to_a_halt_is_kept_as_one_in_which_the_round_did_not_hold() {
    let folder = deployment(TOML);
    migrated(folder.path()).await;
    // Of five thousand people a quarter have as large a household, which is no half of them; that nobody can plan. Neither
    // would the whole round be sealed.
    let draft = include_str!("../../docs/round.example.toml").replacen(
        "mode = \"share\"",
        "mode = \"everyone\"\nsmallest_cell = 2_500",
        1,
    ) + "\n[[field]]\nname = \"household\"\n[[fund]]\nname = \"large\"\nmatch = { household = [\"4+\"] }\n\
           per_seat = 20_000\nbudget = 1_000_000_000\nlabel_ko = \"큰 세대\"\nlabel_en = \"Large households\"\n\
           [[fund]]\nname = \"city\"\nper_seat = 50_000\nbudget = 1_000_000_000\nlabel_ko = \"시\"\n\
           label_en = \"City\"\n";
    fs::write(folder.path().join("round.toml"), draft).unwrap();
    let all = [&["drill", "round.toml", "--report", "report", "--json"][..], &FEW].concat();
    let output = jebi(folder.path(), &all).await;
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3), "{said}");
    let figures: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let why = figures["halted"].as_str().unwrap();
    assert!(why.contains("the pool cannot be sealed") && why.contains("smallest_cell"), "{why}");
    assert!(said.contains("Kept as drill 1") && said.contains("it came to a halt"), "{said}");
    let kept = kept(folder.path()).await;
    let [one] = &kept[..] else { panic!("one: {said}") };
    assert_eq!((one.held, one.over_sockets, one.in_process, one.all_met), (false, 0, 0, false));
    assert!(one.halted && one.title_ko == "통영사랑상품권 1월");
    assert_eq!(one.report.as_bytes(), output.stdout);
    assert!(one.note.starts_with("jebi drill round.toml\n") && one.note.contains("— draw.city.example "));
    assert!(
        one.page.contains("The drill came to a halt") && one.page.contains("compare it with signing_key")
    );
    // It stands against the round, whatever was kept before.
    let large = Size { over_sockets: 2_000, in_process: 5_000 };
    let last = store::drill::find_last(&database(folder.path()).await, &one.subject, large).await.unwrap();
    assert!(last.is_some_and(|last| !last.held));
    let written = fs::read_to_string(folder.path().join("report/report.note")).unwrap();
    assert_eq!(written, one.note);
}

/// The deployment may be running an older program while somebody drills with a newer one.
#[tokio::test]
async fn a_drill_does_not_bring_a_database_up_to_date() {
    let folder = deployment(TOML);
    let (code, said) = drill(folder.path(), &FEW).await;
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("there is no database state/jebi.sqlite"), "{said}");
    assert!(!folder.path().join("state/jebi.sqlite").exists());
    let db = migrated(folder.path()).await;
    // As it was before the last change.
    let last = "DELETE FROM seaql_migrations WHERE version = (SELECT MAX(version) FROM seaql_migrations)";
    db.execute_unprepared(last).await.unwrap();
    let (code, said) = drill(folder.path(), &FEW).await;
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("lacks 1 schema changes") && said.contains("`jebi migrate`"), "{said}");
    assert_eq!(Migrator::get_pending_migrations(&db).await.unwrap().len(), 1);
    assert!(!folder.path().join("report").exists());
}

/// What is said of a scenario that cannot be drilled, before that is said.
async fn scenario(folder: &Path, more: &[&str]) -> String {
    let all = [&["drill", "tongyeong", "--report", "report", "--scale", "2"][..], more].concat();
    let output = jebi(folder, &all).await;
    assert_eq!(output.status.code(), Some(2));
    String::from_utf8(output.stderr).unwrap()
}

/// Whoever names a deployment wants its signature: half an hour later, with another one, is too late to say so.
#[tokio::test]
async fn a_scenario_is_not_drilled_with_a_signature_that_nobody_asked_for() {
    let folder = deployment(TOML);
    let said = scenario(folder.path(), &["--config", "typo.toml"]).await;
    assert!(said.contains("There is no file typo.toml") && !said.contains("--scale"), "{said}");
    let said = scenario(folder.path(), &["--config", "jebi.toml"]).await;
    assert!(said.contains("--scale is above 0") && !said.contains("for this drill alone"), "{said}");
    fs::write(folder.path().join("state/secret.key"), "seven").unwrap();
    let said = scenario(folder.path(), &[]).await;
    assert!(said.contains("must hold 64 hexadecimal digits") && !said.contains("--scale"), "{said}");
    // Where there is none, it says so and begins.
    fs::remove_file(folder.path().join("state/secret.key")).unwrap();
    let said = scenario(folder.path(), &[]).await;
    let (first, last) = (said.find("made for this drill alone"), said.find("--scale is above 0"));
    assert!(first.is_some() && first < last, "{said}");
    assert!(!folder.path().join("report").exists());
}
