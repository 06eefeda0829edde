//! The examples of docs/deploy, read by the programs they are for.

mod nginx;

use std::{
    fs,
    net::SocketAddr,
    path::Path,
    process::{Command, Stdio},
};

use jebi::{
    config::Config,
    secret::{Keys, PassKeys},
};

fn example(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/deploy").join(name)).unwrap()
}

/// The example with other words in it, all of which it must have.
fn changed(name: &str, changes: &[(&str, &str)]) -> String {
    changes.iter().fold(example(name), |text, (theirs, ours)| {
        assert!(text.contains(theirs), "docs/deploy/{name} says {theirs} no more");
        text.replace(theirs, ours)
    })
}

/// What it printed; it must be content.
fn passes(command: &mut Command) -> String {
    let done = command.stdin(Stdio::null()).output().expect("not installed: run `tests/run`, which does");
    let said = String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{command:?}: {said}");
    said
}

#[test]
fn systemd_takes_the_units_and_finds_little_exposed() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["jebi.service", "jebi-work.service"] {
        let unit = folder.path().join(name);
        fs::write(&unit, changed(name, &[("/usr/local/bin/jebi", env!("CARGO_BIN_EXE_jebi"))])).unwrap();
        let said = passes(Command::new("systemd-analyze").args(["verify", "--man=no"]).arg(&unit));
        assert!(!said.contains(name), "{said}");
        // In tenths: 0 is nothing, 100 everything. What is left is the network.
        let threshold = ["security", "--offline=true", "--no-pager", "--threshold=15"];
        passes(Command::new("systemd-analyze").args(threshold).arg(&unit));
    }
}

/// Or it finds no database, or leaves files behind that jebi cannot write to.
#[test]
fn a_command_has_user_keys_and_folder_of_the_unit() {
    let run = block("#!/bin/sh\n# Below ");
    // What is run, and what a comment says of lines that stand as comments in the unit.
    let words = |of_comment: bool| -> Vec<&str> {
        let lines = run.lines().filter(|line| line.starts_with("# ") == of_comment);
        lines.flat_map(str::split_whitespace).collect()
    };
    let (words, besides) = (words(false), words(true));
    let name = words.iter().find_map(|word| word.strip_prefix("--unit=")).unwrap();
    // One of its own for each, or nothing could be run beside a drill; the shell puts its number there.
    assert!(name.ends_with("-$$"), "{name}");
    let credentials = format!("/run/credentials/{name}.service");
    let has_of = |words: &[&str], flag: &str, value: &str| {
        assert!(words.windows(2).any(|pair| pair[0] == flag && pair[1] == value), "{flag} {value}: {run}");
    };
    let has = |flag: &str, value: &str| has_of(&words, flag, value);
    let unit = example("jebi.service");
    let (mut asked, mut asked_besides) = (0, 0);
    for (key, value) in unit.lines().filter_map(|line| line.split_once('=')) {
        match key {
            "DynamicUser" | "StateDirectory" | "StateDirectoryMode" | "UMask" | "LoadCredential" => {
                has("-p", &format!("{key}={value}"));
                asked += 1;
            }
            "Environment" => {
                for set in value.split(' ') {
                    has("-E", &set.replace("%d", &credentials));
                    asked += 1;
                }
            }
            "ExecStart" => {
                let (program, settings) = value.split_once(" serve --config ").unwrap();
                has(program, "--config");
                has("--config", settings);
                asked += 1;
            }
            "#LoadCredential" => {
                has_of(&besides, "-p", &format!("LoadCredential={value}"));
                asked_besides += 1;
            }
            "#Environment" => {
                has_of(&besides, "-E", &value.replace("%d", &credentials));
                asked_besides += 1;
            }
            _ => {}
        }
    }
    assert_eq!((asked, asked_besides), (4 + 3 + 4 + 1, 2));
    // Who a unit runs as that names nobody.
    has("-p", "User=jebi");
    // At a terminal it asks for passwords, and needs one of its own for that; what is piped stays a pipe.
    assert!(words.contains(&"--pty") && words.contains(&"--pipe"), "{run}");
}

/// What one of them can read and the other cannot ends the other.
#[test]
fn both_units_have_the_same_secrets_under_the_names_of_the_settings() {
    let secrets = |unit: &str| -> Vec<String> {
        let of_secrets = |line: &&str| line.contains("LoadCredential=") || line.contains("_FILE=");
        example(unit).lines().filter(of_secrets).map(str::to_owned).collect()
    };
    let lines = secrets("jebi.service");
    assert_eq!(lines, secrets("jebi-work.service"));
    let settings = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/jebi.example.toml");
    let settings = fs::read_to_string(settings).unwrap();
    // There for the unit alone whose folder it is.
    assert!(!settings.contains("/run/credentials/"));
    let mut named = 0;
    for set in
        lines.iter().filter_map(|line| line.split_once("Environment=")).flat_map(|(_, set)| set.split(' '))
    {
        let (variable, file) = set.split_once("=%d/").unwrap();
        let key = variable.strip_prefix("JEBI_").unwrap().rsplit("__").next().unwrap().to_lowercase();
        let says = format!("\n# {key} = \"/run/secrets/{file}\"\n");
        assert!(settings.contains(&says), "no{says}");
        let loaded = format!("LoadCredential={file}:/etc/jebi/{file}");
        assert!(lines.iter().any(|line| line.trim_start_matches('#') == loaded), "no {loaded}");
        named += 1;
    }
    assert_eq!(named, 4);
}

#[test]
fn what_the_page_tells_to_type_is_what_jebi_knows() {
    let page = example("README.md");
    for way in ["jebi-run ", "docker compose run --rm command "] {
        let typed: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix(way)).collect();
        for does in ["drill ", "announce "] {
            assert!(typed.iter().any(|typed| typed.starts_with(does)), "no {way}{does}: {typed:?}");
        }
        for typed in typed {
            let typed = typed.split(" #").next().unwrap();
            // Asked for its help it reads what stands before, and does nothing.
            let asked = format!("\"$0\" {typed} --help");
            passes(Command::new("sh").arg("-ec").arg(asked).arg(env!("CARGO_BIN_EXE_jebi")));
        }
    }
}

/// `drill` makes a folder in the one that it is called in: it may not be the root of an image, nor one that is read only.
#[test]
fn a_command_in_a_container_has_a_folder_to_write_to() {
    let dockerfile = example("Dockerfile");
    let last = dockerfile.rsplit("\nFROM ").next().unwrap();
    let said = |what: &str| last.lines().find_map(|line| line.strip_prefix(what)).unwrap().to_owned();
    assert_eq!(said("WORKDIR "), said("VOLUME "));
    let compose = example("compose.yml");
    let service = compose.split("\n  command:\n").nth(1).and_then(|rest| rest.split("\n\n").next()).unwrap();
    let folder = service.lines().find_map(|line| line.trim().strip_prefix("working_dir: ")).unwrap();
    assert!(service.contains(&format!("- \"./files:{folder}\"\n")), "{service}");
}

#[test]
fn both_units_fit_on_one_machine() {
    let metrics = Config::default().metrics;
    let work = example("jebi-work.service");
    let of_work = work.lines().find_map(|line| line.strip_prefix("Environment=JEBI_METRICS=")).unwrap();
    assert!(of_work.parse::<SocketAddr>().unwrap() != metrics, "{of_work}");
    assert!(!example("jebi.service").contains("JEBI_METRICS"));
    let folder =
        |text: &str| text.lines().find(|line| line.starts_with("StateDirectory=")).map(str::to_owned);
    assert_ne!(folder(&work), folder(&example("jebi.service")));
}

#[test]
fn haproxy_takes_its_file_and_is_not_root() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/deploy/haproxy.cfg");
    passes(Command::new("/usr/sbin/haproxy").arg("-c").arg("-f").arg(file));
    assert!(example("haproxy.cfg").contains("\n    user haproxy\n"));
}

/// Or HAProxy finds no primary at all.
#[test]
fn who_says_which_is_primary_lies_where_haproxy_calls_it() {
    let text = example("haproxy.cfg");
    let mut lines = text.lines().map(str::trim);
    let called = Path::new(lines.find_map(|line| line.strip_prefix("external-check command ")).unwrap());
    let install = format!("install -m 755 -D is-primary -t {}", called.parent().unwrap().display());
    assert!(text.contains(&format!("{install}\n")), "{install}");
    assert_eq!(called.file_name().unwrap(), "is-primary");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/deploy/is-primary");
    passes(Command::new("sh").arg("-n").arg(script));
}

/// Patroni that finds no etcd at its addresses never has a leader.
#[test]
fn the_three_etcd_are_where_patroni_asks() {
    let (etcd, patroni, haproxy) = (example("etcd"), example("patroni.yml"), example("haproxy.cfg"));
    let settings: Vec<(&str, &str)> =
        etcd.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('=')).collect();
    let set = |name: &str| settings.iter().find(|(key, _)| *key == name).unwrap().1;
    let said = |key: &str| patroni.lines().find_map(|line| line.trim().strip_prefix(key)).unwrap();

    let asked: Vec<&str> = said("hosts: ").split(',').collect();
    let members: Vec<&str> = set("ETCD_INITIAL_CLUSTER").split(',').collect();
    assert_eq!((asked.len(), members.len()), (3, 3));
    let mut names = Vec::new();
    for (asked, member) in asked.iter().zip(&members) {
        let (machine, port) = asked.split_once(':').unwrap();
        let (name, peer) = member.split_once('=').unwrap();
        assert_eq!((port, peer), ("2379", format!("http://{machine}:2380").as_str()));
        // The same machine has this name with Patroni.
        assert!(haproxy.contains(&format!("server {name} {machine}:5432 port 8008\n")), "{name} {machine}");
        names.push(name);
    }
    // The files are those of one machine, the first.
    assert_eq!((set("ETCD_NAME"), said("name: ")), (names[0], names[0]));
    let machine = asked[0].split(':').next().unwrap();
    assert_eq!(said("connect_address: ").split(':').next(), Some(machine));
    for (urls, port) in [("CLIENT", 2379), ("PEER", 2380)] {
        let own = format!("http://{machine}:{port}");
        let advertised = if urls == "PEER" { "ETCD_INITIAL_ADVERTISE" } else { "ETCD_ADVERTISE" };
        assert_eq!(set(&format!("ETCD_LISTEN_{urls}_URLS")), own);
        assert_eq!(set(&format!("{advertised}_{urls}_URLS")), own);
    }
    // There the package has begun one that is alone.
    assert_ne!(set("ETCD_DATA_DIR"), "/var/lib/etcd/default");
    // What etcd does not know it only warns of.
    let knows = passes(Command::new("etcd").arg("--help"));
    for (name, _) in &settings {
        let flag = name.strip_prefix("ETCD_").unwrap().to_lowercase().replace('_', "-");
        assert!(knows.contains(&format!("--{flag} ")), "--{flag}");
    }
}

/// As many processes as the guide says, with a command beside them, are not refused by a PostgreSQL as it is set up here.
#[test]
fn as_many_processes_fit_as_the_guide_says() {
    let number = |name: &str, before: &str| -> u32 {
        let text = example(name);
        let rest = text.split(before).nth(1).unwrap_or_else(|| panic!("{name}: no {before}"));
        rest.split(|c: char| !c.is_ascii_digit()).next().unwrap().parse().unwrap()
    };
    let each = Config::default().database.max_connections;
    let all = number("patroni.yml", "        max_connections: ");
    assert_eq!(all, number("compose.yml", "max_connections="));
    assert_eq!(all, number("README.md", "PostgreSQL's default of "));
    let kept = number("README.md", "default of 100, less ");
    // And a command, which takes as many.
    let fit = (all - kept) / each - 1;
    assert_eq!(fit, 11);
    assert!(example("README.md").contains("eleven processes fit and one command beside them"));
    for name in ["README.md", "patroni.yml", "compose.yml"] {
        let says = format!("database.max_connections ({each})");
        assert!(example(name).replace('`', "").contains(&says), "{name} does not say {says}");
    }
}

#[test]
fn compose_takes_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("compose.yml");
    fs::write(&file, example("compose.yml")).unwrap();
    let said = passes(Command::new("docker-compose").arg("-f").arg(&file).arg("config"));
    for service in ["serve-a:", "serve-b:", "work:", "postgres:", "migrate:", "working_dir: /files"] {
        assert!(said.contains(service), "{said}");
    }
    // Whoever needs the tables waits until they are there: both that serve, the one that sends, and a command.
    let waits =
        |whom: &str, until: &str| said.matches(&format!("{whom}:\n        condition: {until}\n")).count();
    assert_eq!(waits("migrate", "service_completed_successfully"), 4, "{said}");
    assert_eq!(waits("postgres", "service_healthy"), 4 + 1, "{said}");
    // The page says that these are not in it.
    for other in ["nginx:", "haproxy:", "patroni:", "etcd:"] {
        assert!(!said.contains(other), "{said}");
    }
}

/// What the page tells to type, in the block that begins with these words.
fn block(begins: &str) -> String {
    let page = example("README.md");
    let mut blocks = page.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next());
    let found = blocks.find(|block| block.starts_with(begins));
    found.unwrap_or_else(|| panic!("docs/deploy/README.md has no block `{begins}` any more")).to_owned()
}

#[test]
fn what_is_made_for_compose_is_all_that_jebi_asks_for() {
    let folder = tempfile::tempdir().unwrap();
    let block = block("mkdir -m 700 secrets");
    // All of it but what takes root and a container daemon.
    let ours = |line: &&str| !line.starts_with("sudo ") && !line.starts_with("docker ");
    let typed: Vec<&str> = block.lines().filter(ours).collect();
    assert_eq!(typed.len() + 2, block.lines().count(), "{block}");
    passes(Command::new("sh").arg("-ec").arg(typed.join("\n")).current_dir(folder.path()));

    assert!(folder.path().join("files").is_dir(), "commands have no folder");
    let secrets = folder.path().join("secrets");
    let mut jebi = Command::new(env!("CARGO_BIN_EXE_jebi"));
    jebi.args(["check-config", "--config", "jebi.toml"]).current_dir(folder.path()).env_clear();
    let compose = example("compose.yml");
    let settings: Vec<(&str, &str)> = compose
        .lines()
        .filter_map(|line| line.trim().split_once(": ").filter(|(name, _)| name.starts_with("JEBI_")))
        .collect();
    assert_eq!(settings.len(), 6, "{settings:?}");
    for (name, value) in settings {
        jebi.env(name, value.replace("/run/secrets", &secrets.display().to_string()));
    }
    let said = passes(&mut jebi);
    assert!(!said.contains("WARNING"), "{said}");
    assert!(said.contains("address_header = \"x-forwarded-for\""), "{said}");
    // Nothing that somebody else has an account for, and nobody who takes texts as sent.
    for other in ["[sms", "[identity.oidc]", "[identity.bridge]", "[identity.staff]"] {
        assert!(!said.contains(other), "{said}");
    }
    Keys::load(&secrets.join("secret.key")).unwrap();
    PassKeys::load(&secrets.join("pass.key"), true).unwrap();
}

/// Whoever has an image has everything that lay in the folder it was built from.
#[test]
fn what_lies_beside_compose_gets_into_no_image_and_no_commit() {
    let compose = example("compose.yml");
    let beside = |line: &str| {
        let rest = line.split_once("{ file: ").or_else(|| line.split_once("\"./"))?.1;
        Some(format!("docs/deploy/{}", rest.split([' ', ':']).next()?))
    };
    let files: Vec<String> = compose.lines().filter_map(beside).collect();
    let of_people = ["docs/deploy/jebi.toml", "docs/deploy/files"];
    assert!(files.len() == 10 && of_people.iter().all(|of| files.contains(&(*of).to_owned())), "{files:?}");
    for list in [".dockerignore", ".gitignore"] {
        let lines = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(list)).unwrap();
        let lines = || lines.lines().filter(|line| !line.is_empty()).map(|line| line.trim_start_matches('/'));
        for file in &files {
            assert!(lines().any(|line| Path::new(file).starts_with(line)), "{list} lets {file} in");
        }
    }
}
