//! The pages of somebody who has entered: where they stand, what they were told, and how they leave.

use crate::{
    domain::scan::Scan,
    web::view::{
        samples::{HOSTILE, Samples, at},
        *,
    },
};

/// Adds each of them.
pub(super) fn pages(samples: &Samples, add: &mut dyn FnMut(&'static str, &dyn askama::DynTemplate)) {
    let before = "2026-11-25T05:12:00Z";
    let after = "2026-12-01T05:12:00Z";
    let entered = samples.mine(MineState::Entered, before);
    let (told, remembered) = (Some(ToldAt::Paper), Some(false));
    add("mine-fresh", &Mine { fresh: true, changeable: true, told, remembered, ..entered });
    add("mine-entered", &samples.mine(MineState::Entered, "2026-11-28T05:12:00Z"));
    add("mine-assigned", &samples.mine(samples.assigned(), after));
    let moment = Moment { starts_at: 1_764_638_440_000, now: 1_764_565_920_000, version: "0.0".into() };
    add("mine-waits", &Mine { moment: Some(moment), ..samples.mine(samples.assigned(), after) });
    let wait = |shut, all| GateWait {
        page: samples.page("/gate"),
        slug: samples.slug(),
        title: samples.title(),
        shut,
        all,
    };
    add("gate-wait", &wait(Vec::new(), false));
    let opens_at = Some(at("2026-12-03T01:00:00Z"));
    add("gate-shut", &wait(vec![(samples.title(), opens_at), (samples.title(), None)], true));
    let gates = vec![(samples.title(), "/rounds/tongyeong-2026-12/gate/bank".to_owned())];
    let text = samples.text("eyJh", "eyJh").repeat(100);
    let pass = Some(ShownPass { token: Some((text.clone(), Scan::of(&text)).into()), gates });
    add("mine-pass", &Mine { pass, ..samples.mine(samples.assigned(), "2026-12-02T01:25:00Z") });
    add("mine-turn", &samples.mine(samples.assigned(), "2026-12-02T01:25:00Z"));
    add("mine-over", &samples.mine(samples.assigned(), "2026-12-05T01:25:00Z"));
    add("mine-waitlisted", &samples.mine(MineState::Waitlisted { position: 1_203, count: 34_319 }, after));
    add(
        "mine-done",
        &samples.mine(MineState::Done { amount: 200_000, at: at("2026-12-02T01:31:00Z") }, after),
    );
    add("mine-unplaced", &samples.mine(MineState::Unplaced, after));
    let until = Some(at("2026-12-02T01:00:00Z"));
    let given = samples.mine(samples.assigned(), after);
    add("mine-changed", &Mine { changes: samples.changes(), give_back_until: until, ..given });
    let next_offer_at = at("2026-12-02T01:00:00Z");
    add("mine-missed", &samples.mine(MineState::Missed { next_offer_at }, after));
    add("mine-returned", &samples.mine(MineState::Returned { until }, after));
    add("mine-returned-over", &samples.mine(MineState::Returned { until: None }, after));
    let ineligible = |until| MineState::Ineligible { reason: samples.title(), until };
    add("mine-ineligible", &samples.mine(ineligible(until), after));
    add("mine-ineligible-over", &samples.mine(ineligible(None), after));
    add("mine-lapsed", &samples.mine(MineState::Lapsed { at: at("2026-12-03T09:00:00Z") }, after));
    let withdrawn = samples.mine(MineState::Withdrawn { at: at(before) }, before);
    add("mine-withdrawn", &Mine { changeable: true, ..withdrawn });
    add("mine-voided", &samples.mine(MineState::Voided, after));
    add("mine-held", &samples.mine(MineState::Held, after));
    let fault = || Some(samples.fault());
    add("mine-fault", &Mine { fault: fault(), ..samples.mine(samples.assigned(), after) });
    add("mine-fault-before", &Mine { fault: fault(), ..samples.mine(MineState::Entered, after) });
    let none = |state| NoEntry {
        page: samples.page("/rounds/tongyeong-2026-12/my"),
        slug: samples.slug(),
        title: samples.title(),
        state,
        opens_at: at("2026-11-23T00:00:00Z"),
        closes_at: at("2026-11-27T09:00:00Z"),
    };
    add("no-entry", &none(State::Open));
    add("no-entry-closed", &none(State::Sealed));

    let withdraw = Withdraw {
        page: samples.page("/rounds/tongyeong-2026-12/withdraw"),
        slug: samples.slug(),
        title: samples.title(),
        csrf: "k3x9".into(),
        receipt: "famx-6k54-dc9p-a7yz".into(),
        others: Others::Opener,
        closes_at: at("2026-11-27T09:00:00Z"),
        errors: Vec::new(),
    };
    add("withdraw", &withdraw);
    let stopping = |elsewhere, stopped, again| Unsubscribe {
        page: samples.page("/unsubscribe/1742.0f"),
        title: samples.title(),
        slug: samples.slug(),
        csrf: "k3x9".into(),
        tag: "1742.0f".into(),
        elsewhere,
        stopped,
        again,
    };
    add("unsubscribe", &stopping(false, false, false));
    add("unsubscribe-done", &stopping(false, true, true));
    add("unsubscribe-bounced", &stopping(false, true, false));
    add("unsubscribe-elsewhere", &stopping(true, false, false));

    let sent = |answer, typed: &str| {
        let typed = if samples.hostile { HOSTILE.to_owned() } else { typed.to_owned() };
        Sent { page: samples.page("/sent"), csrf: "k3x9".into(), typed, answer }
    };
    add("sent", &sent(None, ""));
    let yes = SentAnswer::Yes { of: ToldOf::Result, at: at("2026-11-30T01:00:00Z") };
    add("sent-yes", &sent(Some(yes), "7K3M-9QXA"));
    add("sent-no", &sent(Some(SentAnswer::No), "7K3M-9QXB"));

    add("why", &samples.why());
    add("why-changed", &Why { changes: samples.changes(), ..samples.why() });
}
