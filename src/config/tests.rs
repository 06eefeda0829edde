#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::{Config, Loaded, LogFormat, Overrides, Tls, keys};

struct Case {
    folder: TempDir,
    vars: Vec<(String, String)>,
    overrides: Overrides,
}

fn case(toml: &str, vars: &[(&str, &str)]) -> Case {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("jebi.toml"), toml).unwrap();
    let vars = vars.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Case { folder, vars, overrides: Overrides::default() }
}

impl Case {
    fn loaded(&self) -> Loaded {
        Loaded::read(&self.overrides, self.vars.clone().into_iter(), self.folder.path())
    }

    fn config(&self) -> Config {
        self.loaded().checked().unwrap_or_else(|error| panic!("{error}"))
    }

    fn problems(&self) -> Vec<String> {
        self.loaded().checked().expect_err("accepted").problems().to_vec()
    }
}

#[test]
fn nothing_said_gives_the_defaults() {
    let config = case("", &[]).config();
    assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.database_url().expose(), "sqlite://state/jebi.sqlite");
    assert_eq!(config.secret_key_path(), Path::new("state/secret.key"));
    assert_eq!(config.codes.valid_seconds, 600);
    assert_eq!(config.log.format, LogFormat::Json);
    assert!(config.mail.is_none());
}

#[test]
fn requests_that_outlive_the_wait_of_a_close_are_warned_of() {
    let long = case("[limits]\ntotal_ms = 15001\n", &[]).loaded();
    let warnings = long.warnings();
    assert!(warnings.iter().any(|said| said.contains("`limits.total_ms` is 15001")), "{warnings:?}");
    assert!(long.checked().is_ok());
    assert!(case("[limits]\ntotal_ms = 15000\n", &[]).loaded().warnings().is_empty());
}

#[test]
fn later_sources_win_key_by_key() {
    let mut case = case(
        "state_dir = \"a\"\nlisten = \"127.0.0.1:1\"\n[mail]\nhost = \"file\"\nfrom = \"a@b\"\ntls = \"none\"\n",
        &[("JEBI_MAIL__HOST", "variable"), ("JEBI_LISTEN", "127.0.0.1:2"), ("JEBI_LIMITS__INBOX", "5")],
    );
    case.overrides.listen = Some("127.0.0.1:3".parse().unwrap());
    let config = case.config();
    let mail = config.mail.clone().unwrap();
    assert_eq!((mail.host.as_str(), mail.from.as_str(), mail.tls), ("variable", "a@b", Tls::None));
    assert_eq!(config.listen.port(), 3);
    assert_eq!(config.limits.inbox, 5);
    assert_eq!(config.database_url().expose(), "sqlite://a/jebi.sqlite");
}

#[test]
fn unknown_keys_are_refused_with_their_source_and_a_likely_name() {
    let case = case(
        "listn = 1\n[mail]\nhots = \"x\"\nfrom = \"a@b\"\n",
        &[("JEBI_MAIL__PROT", "25"), ("JEBI_TEST_POSTGRES", "x")],
    );
    let file = case.folder.path().join("jebi.toml");
    let problems = case.problems().join("\n");
    assert!(
        problems
            .contains(&format!("`listn` in {} is not a known key: did you mean `listen`", file.display())),
        "{problems}"
    );
    assert!(problems.contains("`mail.hots`") && problems.contains("did you mean `mail.host`"), "{problems}");
    assert!(
        problems.contains("`JEBI_MAIL__PROT` is not a known key: did you mean `JEBI_MAIL__PORT`?"),
        "{problems}"
    );
    assert!(!problems.contains("TEST"), "{problems}");
}

#[test]
fn every_problem_comes_at_once() {
    let problems = case(
        "listen = \"nowhere\"\npublic_url = \"jebi.example\"\nsurprise = 1\n[log]\nformat = \"xml\"\n[codes]\ntries = \"five\"\n",
        &[("JEBI_DATABASE_URL", "mysql://u:secret@h/d"), ("JEBI_LIMITS__HEADER_MS", "1")],
    )
    .problems();
    assert_eq!(problems.len(), 7, "{problems:#?}");
    assert!(problems.iter().any(|p| p.contains("`limits.header_ms` is 1: choose a number")), "{problems:#?}");
    assert!(!problems.concat().contains("secret"), "{problems:#?}");
}

#[test]
fn doors_are_those_that_are_set_up() {
    let both = "[mail]\nhost = \"h\"\nfrom = \"a@b\"\n[sms.file]\npath = \"x\"\n";
    let known_by =
        |toml: &str| case(toml, &[]).config().known_by().into_iter().collect::<Vec<_>>().join(", ");
    assert_eq!(known_by(both), "mail address, phone number");
    assert_eq!(known_by(&format!("{both}[identity]\ndoors = [\"sms\"]\n")), "phone number");
    let problems = case("[identity]\ndoors = [\"sms\"]\n", &[]).problems().join("\n");
    assert!(problems.contains("there is no [sms]"), "{problems}");
    assert!(!case("[identity]\ndoors = [\"window\"]\n", &[]).problems().is_empty());
}

#[test]
fn an_old_section_of_texts_is_told_where_its_keys_went() {
    let old = case("[sms]\nvendor = \"kannel\"\nurl = \"http://127.0.0.1/\"\nfrom = \"055\"\n", &[]);
    let problems = old.problems().join("\n");
    assert!(problems.contains("`sms.vendor`") && problems.contains("[sms.kannel]"), "{problems}");
    assert!(problems.contains("`sms.kannel.url`"), "{problems}");
    let vars = [
        ("JEBI_SMS__SOLAPI__KEY", "0042"),
        ("JEBI_SMS__SOLAPI__SECRET", "hunter2"),
        ("JEBI_SMS__FILE__PRIORITY", "2"),
    ];
    let sms = case("", &vars).config().sms.unwrap();
    assert_eq!(sms.vendors(), [("solapi", 1, 10), ("file", 2, 10)]);
    assert_eq!(sms.solapi.unwrap().key, "0042");
}

#[test]
fn a_broken_file_and_a_missing_one_are_sentences() {
    assert!(case("listen = ", &[]).problems()[0].contains("cannot be read"));
    let mut missing = case("", &[]);
    missing.overrides.config = Some("/nowhere/jebi.toml".into());
    assert!(missing.problems()[0].starts_with("There is no file /nowhere/jebi.toml"));
}

#[test]
fn variables_keep_their_text() {
    let config = case(
        "[mail]\nhost = \"h\"\nfrom = \"a@b\"\n",
        &[("JEBI_MAIL__USERNAME", "true"), ("JEBI_MAIL__PASSWORD", "0042")],
    )
    .config();
    let mail = config.mail.unwrap();
    assert_eq!(mail.username.as_deref(), Some("true"));
    assert_eq!(mail.password.unwrap().expose(), "0042");
}

#[test]
fn secrets_come_from_files_and_never_from_two_places() {
    let mut case = case("[mail]\nhost = \"h\"\nfrom = \"a@b\"\nusername = \"u\"\n", &[]);
    let file = case.folder.path().join("password");
    fs::write(&file, "from-file\n").unwrap();
    case.vars.push(("JEBI_MAIL__PASSWORD_FILE".to_owned(), file.display().to_string()));
    assert_eq!(case.config().mail.unwrap().password.unwrap().expose(), "from-file");
    case.vars.push(("JEBI_MAIL__PASSWORD".to_owned(), "both".to_owned()));
    assert!(case.problems()[0].contains("both set"));
    case.vars[0].1 = "/nowhere".to_owned();
    case.vars.pop();
    assert!(case.problems()[0].contains("`mail.password_file` names /nowhere"));
}

#[test]
fn what_is_printed_masks_secrets_and_names_sources() {
    let mut case = case(
        "public_url = \"https://jebi.example/\"\n[mail]\nhost = \"h\"\nfrom = \"a@b\"\nusername = \"u\"\npassword = \"hunter2\"\n",
        &[("JEBI_DATABASE_URL", "postgres://jebi:hunter2@db/jebi")],
    );
    case.overrides.listen = Some("127.0.0.1:3".parse().unwrap());
    let loaded = case.loaded();
    let printed = loaded.to_string();
    let line = |key: &str| printed.lines().find(|line| line.starts_with(key)).unwrap_or_default();
    assert!(
        !printed.contains("hunter2") && !format!("{loaded:?}").contains("hunter2"),
        "{printed}\n{loaded:?}"
    );
    assert!(line("database_url").contains("postgres://jebi:***@db/jebi"), "{printed}");
    assert!(line("database_url").ends_with("# JEBI_DATABASE_URL"), "{printed}");
    assert!(line("listen").ends_with("# --listen"), "{printed}");
    assert!(line("state_dir").ends_with("# default"), "{printed}");
    assert!(line("host").ends_with("jebi.toml"), "{printed}");
    assert!(line("public_url = \"https://jebi.example\"").ends_with("jebi.toml"), "{printed}");
    toml::from_str::<toml::Table>(&printed).unwrap();
}

/// The example explains every key there is, and none that is not.
#[test]
fn the_example_file_is_complete_and_accepted() {
    let text =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/jebi.example.toml")).unwrap();
    let config = case(&text, &[]).config();
    config.ready_to_serve().unwrap();
    let mut section = String::new();
    let mut explained = Vec::new();
    for line in text.lines().map(|line| line.trim_start_matches("# ")) {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = format!("{name}.");
        } else if let Some((key, _)) = line.split_once(" = ")
            && !key.contains(' ')
        {
            explained.push(format!("{section}{key}"));
        }
    }
    explained.sort();
    assert_eq!(explained, keys::paths(&keys::known()));
}

#[test]
fn witnesses_are_looked_at_before_they_are_asked() {
    let key = public_audit::journal::cosignature::Cosigner::new("witness.example/w1", &[2; 32]).unwrap();
    let key = &*key.to_vkey();
    let toml = |witnesses: &str| format!("[journal]\nwitnesses = [{witnesses}]\n");
    let of = |url: &str, key: &str| format!("{{ url = \"{url}\", key = \"{key}\" }}");
    let good = of("https://witness.example", key);
    let case_of_one = case(&toml(&good), &[]);
    assert_eq!(case_of_one.config().journal.witnesses.len(), 1);
    let printed = case_of_one.loaded().to_string();
    assert!(printed.contains("url = \"https://witness.example\""), "{printed}");
    toml::from_str::<toml::Table>(&printed).unwrap();
    for (bad, said) in [
        (of("witness.example", key), "has the url"),
        (of("https://u:p@witness.example", key), "has the url"),
        (of("https://witness.example", "witness.example/w1+00000000+AAAA"), "has the key"),
        (format!("{good}, {good}"), "twice"),
        (vec![good.clone(); 17].join(","), "16 are the most"),
        ("{ url = \"https://witness.example\", kye = \"x\" }".to_owned(), "kye"),
        ("\"https://witness.example\"".to_owned(), "journal.witnesses"),
    ] {
        let problems = case(&toml(&bad), &[]).problems().join("\n");
        assert!(problems.contains(said), "{bad}: {problems}");
    }
}

#[test]
fn a_server_needs_a_name_and_a_way_to_reach_people() {
    let problems = case("", &[]).config().ready_to_serve().expect_err("accepted").problems().to_vec();
    assert_eq!(problems.len(), 3, "{problems:#?}");
}

/// Every mail would be refused by its own envelope.
#[test]
fn a_return_path_leaves_room_for_a_notices_name() {
    let with = |path: &str| {
        let mail = format!("[mail]\nhost = \"h\"\nfrom = \"a@b\"\nreturn_path = \"{path}\"\n");
        case(&mail, &[]).loaded().checked()
    };
    let named = |length: usize| format!("{}@example.go.kr", "b".repeat(length));
    for path in ["bounce@example.go.kr", &named(23)] {
        assert!(with(path).is_ok(), "{path}");
    }
    for path in
        ["bounce+1@example.go.kr", "@example.go.kr", "bounce@", "bounce", "b c@example.go.kr", &named(24)]
    {
        assert!(with(path).is_err(), "{path}");
    }
}
