//! The pages that everybody may see: rounds, what is published of them, and how things stand.

use crate::{
    web::view::{
        samples::{Samples, at},
        *,
    },
    words::Lang,
};

/// Adds each of them.
pub(super) fn pages(samples: &Samples, add: &mut dyn FnMut(&'static str, &dyn askama::DynTemplate)) {
    let lang = samples.lang;
    let line = |state| RoundLine {
        slug: samples.slug(),
        title: samples.title(),
        state,
        opens_at: at("2026-11-23T00:00:00Z"),
        closes_at: at("2026-11-27T09:00:00Z"),
    };
    let states = [State::Open, State::Announced, State::Serving, State::Voided];
    add("home", &Home { page: samples.page("/"), rounds: states.map(line).into(), older: Some(3) });
    add("stay", &Stay { page: samples.page("/rounds/x/my") });
    add("stay-over", &Stay { page: samples.page("/stay") });
    add("home-empty", &Home { page: samples.page("/"), rounds: Vec::new(), older: None });

    add("round-announced", &samples.round(State::Announced, "2026-11-20T00:00:00Z"));
    add("round-open", &samples.round(State::Open, "2026-11-25T05:12:00Z"));
    let mut rehearsal = samples.round(State::Serving, "2026-12-02T01:00:00Z");
    rehearsal.beacon = Beacon::None;
    rehearsal.mode = Mode::Lottery;
    rehearsal.page.rehearsal = Some(
        if lang == Lang::Ko { "시간이 600배로 흐릅니다." } else { "Time runs 600 times as fast." }.into(),
    );
    add("round-rehearsal", &rehearsal);
    add("round-voided", &samples.round(State::Voided, "2026-12-02T01:00:00Z"));
    let mut everyone = samples.round(State::Archived, "2026-12-09T01:00:00Z");
    everyone.mode = Mode::Everyone;
    everyone.beacon = Beacon::Declared;
    everyone.goods.price_percent = 0;
    add("round-archived", &everyone);
    let mut serving = samples.round(State::Serving, "2026-12-02T02:00:00Z");
    serving.after = samples.after_draw();
    add("round-after", &serving);

    add("pool-before", &samples.pool(PoolState::Before, None));
    add("pool-late", &samples.pool(PoolState::Late, None));
    add("pool-voided", &samples.pool(PoolState::Voided, None));
    add("pool", &samples.pool(PoolState::Sealed, None));
    let line = "famx-6k54-dc9p-a7yz seats=1 want=250000 weight=1 wish=pm+am";
    let text = samples.text(line, line);
    let found = PoolAnswer::At { line: 4_312, count: 79_304, text };
    add("pool-yes", &samples.pool(PoolState::Sealed, Some(found)));
    add("pool-no", &samples.pool(PoolState::Sealed, Some(PoolAnswer::Absent)));
    let near = PoolAnswer::Near("famx-6k54-dc9p-a7yy".into());
    add("pool-near", &samples.pool(PoolState::Sealed, Some(near)));
    let errors = vec![errors::receipt_length(lang, 15), errors::receipt_strange(lang, '<')];
    add("pool-wrong", &PoolPage { errors, ..samples.pool(PoolState::Sealed, None) });
    add("record", &samples.record());

    let line = |state, next| StatusLine { slug: samples.slug(), title: samples.title(), state, next };
    let rounds = vec![
        line(State::Open, Some((NextEvent::Closes, at("2026-11-27T09:00:00Z")))),
        line(State::Serving, Some((NextEvent::LastSlotEnds, at("2026-12-03T09:00:00Z")))),
        line(State::Archived, None),
    ];
    let status = |incidents, database_ok| {
        let page = samples.page("/status");
        Status { page, rounds: rounds.clone(), incidents, database_ok }
    };
    add("status", &status(Vec::new(), true));

    let keeping = |erased| Keeping {
        slug: samples.slug(),
        title: samples.title(),
        at: at("2026-11-25T05:12:00Z"),
        erased,
    };
    let rounds = vec![keeping(false), keeping(true)];
    add("privacy", &Privacy { page: samples.page("/privacy"), rounds });
    add("privacy-first", &Privacy { page: samples.page("/privacy"), rounds: Vec::new() });
    add("accessibility", &Accessibility { page: samples.page("/accessibility") });

    add("status-incidents", &status(samples.incidents(), true));
    add("status-fault", &status(Vec::new(), false));
}
