//! SPEC.md, in which blocks of text are what the code computes.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// SPEC.md with the content of each block "```text NAME" replaced by its value.
fn filled(spec: &str, values: &BTreeMap<String, String>) -> (String, Vec<String>) {
    let (mut filled, mut seen, mut lines) = (String::new(), Vec::new(), spec.lines());
    while let Some(line) = lines.next() {
        filled.push_str(line);
        filled.push('\n');
        let Some(value) = line.strip_prefix("```text ").and_then(|name| values.get(name)) else {
            continue;
        };
        seen.push(line["```text ".len()..].to_owned());
        filled.push_str(value);
        for old in lines.by_ref() {
            if old == "```" {
                filled.push_str("```\n");
                break;
            }
        }
    }
    seen.sort();
    (filled, seen)
}

/// The folder has this record, and each of these blocks stands once in SPEC.md. With `BLESS` both are
/// written instead.
pub fn check(folder: &str, record: &BTreeMap<String, Vec<u8>>, values: &BTreeMap<String, String>) {
    let bless = std::env::var_os("BLESS").is_some();
    for (name, bytes) in record {
        let path = here(folder).join(name);
        if bless {
            fs::create_dir_all(here(folder)).unwrap();
            fs::write(&path, bytes).unwrap();
        }
        assert_eq!(fs::read(&path).unwrap(), *bytes, "{folder}/{name}");
    }
    let spec = fs::read_to_string(here("SPEC.md")).unwrap();
    let (filled, seen) = filled(&spec, values);
    assert_eq!(seen, values.keys().cloned().collect::<Vec<_>>(), "every block stands once in SPEC.md");
    if bless {
        fs::write(here("SPEC.md"), &filled).unwrap();
    } else {
        assert!(
            spec == filled,
            "a value in SPEC.md is not what the code computes; see BLESS in tests/spec.rs"
        );
    }
}
