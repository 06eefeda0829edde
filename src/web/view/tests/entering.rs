//! The pages of somebody who enters, alone or with others.

use crate::web::view::{
    samples::{Samples, at},
    *,
};

/// Adds each of them.
pub(super) fn pages(samples: &Samples, add: &mut dyn FnMut(&'static str, &dyn askama::DynTemplate)) {
    let lang = samples.lang;
    add("about", &samples.about());
    let wrong = |field: &str| errors::answer_not_offered(lang, field.to_owned());
    let errors = vec![errors::birth_year_age(lang), wrong("field_region"), wrong("field_dong")];
    add("about-wrong", &About { errors, change: true, year_known: false, ..samples.about() });

    add("details", &samples.details());
    let errors = vec![errors::want_over_cap(lang, 250_000), errors::wish_twice(lang, "wish_2")];
    let wishes = ["am".into(), "am".into(), "any".into()];
    let few = vec![50_000, 100_000, 250_000];
    add("details-wrong", &Details { errors, wishes, ..samples.details() });
    let want = "100000".into();
    add(
        "details-few",
        &Details { amounts: few.clone(), want, price_percent: 100, change: true, ..samples.details() },
    );
    let errors = vec![errors::want_missing(lang), errors::form_too_old(lang)];
    add("details-few-wrong", &Details { amounts: few, errors, mode: Mode::Everyone, ..samples.details() });

    add("check", &samples.check());
    let errors = vec![errors::round_closed(lang, at("2026-11-27T09:00:00Z"))];
    add("check-change", &Check { change: true, wishes: Vec::new(), errors, ..samples.check() });

    add("people", &samples.people());
    let errors = vec![errors::name_invalid(lang), errors::born_missing(lang)];
    add("people-wrong", &People { errors, code: None, adults_most: 0, ..samples.people() });
    add("join", &samples.join());
    add("join-wrong", &Join { errors: vec![errors::link_wrong(lang)], ..samples.join() });
}
