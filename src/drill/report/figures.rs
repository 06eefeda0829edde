//! The figures: where whoever reads them finds what, and that docs/drills.md says what each is.

use std::collections::BTreeSet;

use public_audit::Digest;
use serde_json::Value;

use super::tests::{came_to_a_halt, outcome};
use crate::{
    domain::{
        drill::{Exceeded, Measured},
        plan::{Per, Spike},
    },
    drill::Reason,
};

/// Whoever reads figures finds these where they always were.
#[test]
fn all_figures_begin_with_which_drill_it_was() {
    let head = "{\"format\":\"jebi-drill/1\",\"version\":\"1.2.3\",\"scenario\":\"round.toml\",";
    let rest = "\"title\":[\"상품권\",\"Vouchers\"],\"made_at\":\"1970-01-01T00:00:00Z\",\"seed\":1,\"scale\":0.2,\
                \"sample\":1000000,\"capacity\":100,";
    for (figures, next) in [
        (serde_json::to_string(&outcome()).unwrap(), "\"people\":{"),
        (serde_json::to_string(&came_to_a_halt()).unwrap(), "\"halted\":\"the pool cannot be sealed\"}"),
    ] {
        let subject = figures.strip_prefix(head).and_then(|figures| figures.split_once(rest));
        let (subject, others) = subject.unwrap_or_else(|| panic!("{figures}"));
        assert_eq!(subject, format!("\"subject\":\"{}\",", Digest::ZERO));
        assert!(others.starts_with(next), "{figures}");
    }
}

/// Of every field, what it is called from the top.
fn fields(value: &Value, at: &str, all: &mut BTreeSet<String>) {
    // What is in these stands beside them.
    const WHOLE: [&str; 5] =
        ["spikes.planned", "spikes.whole", "spikes.sockets", "sockets.asked", "sockets.refusals"];
    match value {
        Value::Object(map) if !WHOLE.contains(&at) => {
            for (key, inner) in map {
                let path = if at.is_empty() { key.clone() } else { format!("{at}.{key}") };
                fields(inner, &path, all);
            }
        }
        Value::Array(list) if list.iter().any(Value::is_object) => {
            list.iter().for_each(|one| fields(one, at, all));
        }
        _ => {
            all.insert(at.to_owned());
        }
    }
}

#[test]
fn every_figure_stands_in_the_description_of_the_figures() {
    let mut outcome = outcome();
    outcome.policies[1].broke_first = vec![Exceeded { name: "web".to_owned(), after: 0.0, times: 2.0 }];
    let (spike, dependency) = (Spike::Starts, "web".to_owned());
    outcome.broke_first =
        vec![Measured { spike, dependency, per: Per::Second, at: 0, load: 2.0, limit: 1.0 }];
    let none = String::new;
    outcome.held = vec![Reason { kind: "over", subject: none(), ko: none(), en: none(), said: none() }];
    let mut all = BTreeSet::new();
    fields(&serde_json::to_value(&outcome).unwrap(), "", &mut all);
    fields(&serde_json::to_value(came_to_a_halt()).unwrap(), "", &mut all);
    let page = include_str!("../../../docs/drills.md");
    let described = page.split("## The figures, field by field").nth(1).unwrap();
    for field in [
        "policies.curve.bins",
        "policies.broke_first.after",
        "broke_first.at",
        "held.kind",
        "each.shared",
        "halted",
    ] {
        assert!(all.contains(field), "{field}: {all:?}");
    }
    for field in all {
        assert!(described.contains(&format!("`{field}`")), "{field}");
    }
}
