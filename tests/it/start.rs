//! Starting: what is gone or named wrongly is said, and nothing new is made in its place.

use std::fs;

use jebi::{app::App, config::Config, lifecycle::announce::Staff};

use crate::support::{Engine, TestApp};

async fn refused(config: Config, t: &TestApp) -> String {
    match App::start(config, t.app.clock.clone()).await {
        Ok(_) => panic!("it started"),
        Err(error) => error.to_string(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_is_gone_is_not_made_anew() {
    let (t, _) = TestApp::open(Engine::Sqlite).await;
    t.tick().await;
    let config = t.app.config.as_ref().clone();
    let file = config.database_url().sqlite_file().unwrap();
    fs::rename(&file, file.with_extension("away")).unwrap();
    let error = refused(config, &t).await;
    assert!(error.contains("restore it from your backup"), "{error}");
    assert!(!file.exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_file_that_is_named_must_be_there() {
    let (t, _) = TestApp::open(Engine::Sqlite).await;
    let named = t.folder().join("nowhere/secret.key");
    let config = Config { secret_key_file: Some(named.clone()), ..t.app.config.as_ref().clone() };
    let error = refused(config, &t).await;
    assert!(error.contains("there is no key file"), "{error}");
    assert!(!named.exists() && !t.folder().join("nowhere").exists());
}

#[test]
fn one_person_under_two_names_is_one_person() {
    let staff = |clerk: &str, approver: &str| Staff::new(clerk, approver);
    for (clerk, approver) in [("kim", "KIM"), ("kim", "kim "), ("김민지", " 김민지")] {
        assert!(staff(clerk, approver).is_one_person(), "{clerk} {approver}");
    }
    assert!(!staff("kim", "lee").is_one_person());
}
