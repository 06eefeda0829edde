//! The direction of dependencies, held by reading the sources.
//!
//! A planted violation of each rule is found in the last test, so that the others mean something.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// From the inside out. A layer may know only layers further in, never its own row or beyond.
const LAYERS: &[&[&str]] = &[
    &["clock", "config", "domain", "secret", "words"],
    &["store"],
    &["app"],
    &["lifecycle", "notify"],
    &["identity"],
    &["roster", "staff"],
    &["jobs", "web"],
    &["service"],
    &["stage"],
    &["demo", "drill"],
    &["cli"],
];

/// Who may know somebody further out, whom, and why.
const ASIDE: &[(&str, &str, &str)] = &[("demo", "cli", "it keeps the same log as `jebi serve`")];

/// What a folder must not contain, and why.
struct Absent {
    folder: &'static str,
    words: &'static [&'static str],
    /// Files that may, each with its reason.
    except: &'static [(&'static str, &'static str)],
    why: &'static str,
}

const ABSENT: &[Absent] = &[
    Absent {
        folder: "public-audit/src",
        words: &[
            "sea_orm",
            "sqlx",
            "tokio",
            "reqwest",
            "std::net",
            "std::env",
            "SystemTime",
            "Instant::now",
            "Utc::now",
        ],
        except: &[("public-audit/src/bin/", "the program reads its arguments")],
        why: "the draw must give anyone, anywhere, at any time the same result",
    },
    Absent {
        folder: "src/domain",
        words: &[
            "sea_orm",
            "sqlx",
            "entities::",
            "tokio",
            "axum",
            "std::net",
            "std::fs",
            "std::env",
            "std::time",
        ],
        except: &[],
        why: "the domain says what is true, whoever asks and wherever it is stored",
    },
    Absent {
        folder: "src",
        words: &["Utc::now", "Local::now", "SystemTime::now"],
        except: &[("src/clock.rs", "it is the clock")],
        why: "what time it is decides who may do what, and a test must be able to say it",
    },
    Absent {
        folder: "src",
        words: &["Instant::now", "tokio::time", "thread::sleep"],
        except: &[
            ("src/clock.rs", "it is the clock"),
            ("src/web/accept/", "limits of real sockets run in real time"),
            ("src/web/headers/", "it measures how long an answer took"),
            ("src/notify/smtp/", "time-outs of real connections run in real time"),
            ("src/demo/", "it measures itself, and waits for its own server"),
            ("src/stage/", "its mailbox stands for other people's servers, in real time"),
        ],
        why: "waiting belongs to the clock, so that a demo can compress time and a test need not wait",
    },
    Absent {
        folder: "src",
        words: &["std::env"],
        except: &[
            ("src/config/", "it is the configuration"),
            ("src/stage/verifier.rs", "it starts the verifier beside itself"),
        ],
        why: "an operator finds every setting in the configuration",
    },
];

/// One file, with comments, strings and tests taken out.
struct Source {
    path: String,
    code: String,
}

impl Source {
    fn new(path: &str, text: &str) -> Self {
        // By convention the tests of a file are its last item.
        let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        Self { path: path.to_owned(), code: code_of(text) }
    }

    /// The layer of `src` it belongs to.
    fn layer(&self) -> Option<&str> {
        self.path.strip_prefix("src/")?.split(['/', '.']).next()
    }

    fn is_below(&self, place: &str) -> bool {
        self.path == place || self.path.starts_with(&format!("{}/", place.trim_end_matches('/')))
    }

    /// The top-level modules named after `crate::`.
    fn knows(&self) -> BTreeSet<String> {
        self.code
            .match_indices("crate::")
            .flat_map(|(at, found)| names(&self.code[at + found.len()..]))
            .collect()
    }

    fn wrongs(&self) -> Vec<String> {
        let mut wrongs = Vec::new();
        for rule in ABSENT.iter().filter(|rule| self.is_below(rule.folder)) {
            if rule.except.iter().any(|(place, _)| self.is_below(place)) {
                continue;
            }
            let found = rule.words.iter().filter(|word| self.code.contains(**word));
            wrongs.extend(found.map(|word| format!("{}: `{word}`, but {}", self.path, rule.why)));
        }
        let row = |layer: &str| LAYERS.iter().position(|layers| layers.contains(&layer));
        if let Some(own) = self.layer().and_then(row) {
            for known in self.knows() {
                let aside = ASIDE.iter().any(|(who, whom, _)| self.layer() == Some(*who) && known == *whom);
                if !aside && self.layer() != Some(&known) && row(&known).is_none_or(|other| other >= own) {
                    wrongs.push(format!("{}: knows `{known}`, which is not further in", self.path));
                }
            }
        }
        wrongs
    }
}

/// `{a, b::{c, d}}` names a and b; `a::b` names a.
fn names(path: &str) -> Vec<String> {
    let ident =
        |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let Some(list) = path.strip_prefix('{') else {
        return vec![ident(path)];
    };
    let mut names = Vec::new();
    let (mut depth, mut begins) = (1, true);
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 1 => begins = true,
            c if begins && !c.is_whitespace() => {
                names.push(ident(&list[at..]));
                begins = false;
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    names
}

/// The text without line comments and without what stands in string literals.
fn code_of(text: &str) -> String {
    let mut code = String::new();
    for line in text.lines() {
        let (mut quoted, mut escaped, mut last) = (false, false, ' ');
        for c in line.chars() {
            if !quoted && c == '/' && last == '/' {
                code.pop();
                break;
            }
            if c == '"' && !escaped && last != '\'' {
                quoted = !quoted;
            } else if !quoted {
                code.push(c);
            }
            escaped = quoted && c == '\\' && !escaped;
            last = c;
        }
        code.push('\n');
    }
    code
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below the folders, as (path from the root, text); what is no text is left out.
fn files(folders: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut open: Vec<PathBuf> = folders.iter().map(|folder| root().join(folder)).collect();
    while let Some(path) = open.pop() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if ["target", "node_modules", ".git", "state", "jebi-demo", "jebi-drill"].contains(&name.as_str()) {
            continue;
        }
        if path.is_dir() {
            open.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if let Ok(text) = fs::read_to_string(&path) {
            found.push((path.strip_prefix(root()).unwrap().display().to_string(), text));
        }
    }
    found.sort();
    found
}

fn sources() -> Vec<Source> {
    let all = files(&["src", "public-audit/src", "entities/src", "migration/src"]);
    let ours = all.iter().filter(|(path, _)| path.ends_with(".rs") && !path.ends_with("tests.rs"));
    ours.map(|(path, text)| Source::new(path, text)).collect()
}

fn assert_none(wrongs: &[String]) {
    assert!(wrongs.is_empty(), "\n{}\n", wrongs.join("\n"));
}

#[test]
fn dependencies_point_inwards() {
    let sources = sources();
    assert!(sources.len() > 50, "only {} sources were read", sources.len());
    assert_none(&sources.iter().flat_map(Source::wrongs).collect::<Vec<_>>());
}

#[test]
fn every_module_has_its_place_among_the_layers() {
    let known: BTreeSet<&str> = LAYERS.iter().flat_map(|row| row.iter().copied()).collect();
    let sources = sources();
    let there: BTreeSet<&str> =
        sources.iter().filter_map(Source::layer).filter(|l| !["lib", "main"].contains(l)).collect();
    assert_eq!(there, known, "put a new module into LAYERS, or take an old one out");
}

#[test]
fn the_draw_depends_on_nothing_that_could_reach_out() {
    let manifest = fs::read_to_string(root().join("public-audit/Cargo.toml")).unwrap();
    for name in ["tokio", "sea-orm", "sqlx", "reqwest", "hyper", "chrono"] {
        assert!(!manifest.lines().any(|line| line.starts_with(name)), "public-audit depends on {name}");
    }
}

/// Words that always mean something we call otherwise (docs: vocabulary).
const OTHERWISE: &[(&str, &str)] = &[
    ("winner", "entrant, outcome"),
    ("raffle", "draw"),
    ("applicant", "entrant"),
    ("fn handle_", "find, get, list, insert, settle"),
    ("fn process_", "find, get, list, insert, settle"),
    ("fn manage_", "find, get, list, insert, settle"),
];

#[test]
fn files_are_short_and_speak_our_words() {
    let mut wrongs = Vec::new();
    for (path, text) in files(&["src", "public-audit/src", "entities/src", "migration/src"]) {
        let lines = text.lines().count();
        if path.ends_with(".rs") && lines > 400 {
            wrongs.push(format!("{path}: {lines} lines; give the second idea a name and a file"));
        }
        let code = code_of(&text).to_lowercase();
        let found = OTHERWISE.iter().filter(|(word, _)| code.contains(word));
        wrongs.extend(found.map(|(word, ours)| format!("{path}: `{word}`; our word is {ours}")));
    }
    assert_none(&wrongs);
}

#[test]
fn no_file_knows_the_machine_it_was_written_on() {
    // In pieces, so that this file does not contain them.
    let places =
        [["/wo", "rk/main"], ["/wo", "rk/shared"], ["/tmp/", "wt-"], ["/ro", "ot/"], ["\"reso", "lved\""]];
    let mut wrongs = Vec::new();
    for (path, text) in files(&["."]) {
        let found = places.iter().map(|place| place.concat()).filter(|place| text.contains(place));
        wrongs.extend(found.map(|place| format!("{path}: contains {place}")));
    }
    assert_none(&wrongs);
}

#[test]
fn a_planted_violation_is_found() {
    let wrongs = |path: &str, text: &str| Source::new(path, text).wrongs().len();
    for (path, text) in [
        ("public-audit/src/draw.rs", "use tokio::net::TcpStream;"),
        ("src/domain/round.rs", "use sea_orm::EntityTrait;"),
        ("src/domain/round.rs", "use crate::store::round;"),
        ("src/store/entry.rs", "use crate::{\n    domain::{entry, slot},\n    web::answer,\n};"),
        ("src/store/entry.rs", "let now = Utc::now();"),
        ("src/jobs/tick.rs", "std::thread::sleep(pause);"),
        ("src/web/pages/offer.rs", "crate::jobs::tick()"),
        ("src/secret/mod.rs", "std::env::var(key)"),
        ("src/lifecycle/seal.rs", "use crate::novelty::thing;"),
    ] {
        assert_eq!(wrongs(path, text), 1, "{path}: {text}");
    }
    for (path, text) in [
        ("src/clock.rs", "Utc::now()"),
        ("src/web/accept/watch.rs", "Instant::now()"),
        (
            "src/store/entry.rs",
            "// Utc::now() would be wrong here\nlet text = \"crate::web\"; use crate::{clock::Clock, domain::round};",
        ),
        ("src/store/entry.rs", "ok();\n#[cfg(test)]\nmod tests {\n Utc::now() }"),
    ] {
        assert_eq!(wrongs(path, text), 0, "{path}: {text}");
    }
}
