//! How much code a sceptic has to trust: the program as it is built by default stays small.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::process::Command;

fn crates(features: &[&str]) -> usize {
    let mut tree = Command::new(env!("CARGO"));
    tree.args(["tree", "--offline", "--locked", "-p", "public-audit", "-e", "normal", "--no-dedupe"]);
    tree.args(["--prefix", "none", "--target", "x86_64-unknown-linux-gnu"]).args(features);
    let output = tree.current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let name = |line: &str| line.split(' ').take(2).collect::<Vec<_>>().join(" ");
    text.lines().map(name).collect::<BTreeSet<_>>().len()
}

#[test]
fn the_tree_is_small() {
    let (library, default, online) =
        (crates(&["--no-default-features"]), crates(&[]), crates(&["--features", "online"]));
    println!("library {library}, default {default}, online {online}");
    assert!(library < 50 && default < 60 && online < 80, "{library} {default} {online}");
}
