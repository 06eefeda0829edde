//! The pages of what goes wrong: too many at once, or not as it should be.

use crate::web::view::{
    samples::{Samples, at},
    *,
};

/// Adds each of them.
pub(super) fn pages(samples: &Samples, add: &mut dyn FnMut(&'static str, &dyn askama::DynTemplate)) {
    let fields = vec![("csrf".into(), "k3x9".into()), ("want".into(), samples.title())];
    let action: String = "/rounds/tongyeong-2026-12/entry".into();
    add(
        "busy",
        &Busy {
            page: samples.page(&action),
            away: false,
            seconds: 20,
            closes_at: Some(at("2026-11-26T09:00:00Z")),
            action: action.clone(),
            fields: fields.clone(),
        },
    );
    add(
        "busy-page",
        &Busy {
            page: samples.page("/"),
            away: false,
            seconds: 20,
            closes_at: None,
            action: "/".into(),
            fields: Vec::new(),
        },
    );
    add(
        "away",
        &Busy {
            page: samples.page(&action),
            away: true,
            seconds: 20,
            closes_at: None,
            action: action.clone(),
            fields,
        },
    );
    add(
        "away-page",
        &Busy {
            page: samples.page("/"),
            away: true,
            seconds: 200,
            closes_at: None,
            action: "/".into(),
            fields: Vec::new(),
        },
    );

    let page = || samples.page("/rounds/nothing");
    add("problem-400", &Problem::bad_request(page()));
    add("problem-422", &Problem::resident_number(page(), "/console/find"));
    add("problem-401", &Problem::signed_out(page(), "/rounds/a/enter"));
    add("problem-403", &Problem::form_too_old(page(), "/rounds/a/enter"));
    add("problem-404", &Problem::not_found(page()));
    add("problem-405", &Problem::wrong_method(page()));
    add("problem-408", &Problem::too_slow(page()));
    add("problem-410", &Problem::erased(page(), at("2027-03-12T15:00:00Z"), "/rounds/a"));
    add("problem-409", &Problem::closed(page(), at("2026-11-27T09:00:00Z"), "/rounds/a"));
    add("problem-409-early", &Problem::not_open(page(), at("2026-11-23T00:00:00Z"), "/rounds/a"));
    add("problem-409-void", &Problem::voided(page(), at("2026-11-24T02:00:00Z"), "정전", "/rounds/a"));
    add("problem-413", &Problem::too_large(page()));
    add("problem-500", &Problem::internal(page(), Some("7f3a-91c2".into())));
    add("problem-401-staff", &Problem::console_signed_out(page()));
    add("problem-403-staff", &Problem::not_yours(page()));
    add("problem-409-counter", &Problem::counter_gone(page()));
}
