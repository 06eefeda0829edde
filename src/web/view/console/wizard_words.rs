//! The words of the steps: what a field asks, and what it is for.

use crate::web::view::Page;

/// What a step is called; `whose` are the values of the group that an opening is for.
pub fn step_name(page: &Page, key: &str, whose: &[String], catch_up: bool) -> String {
    match key {
        "goods" => t!(page, "wizard-step-goods"),
        "mode" => t!(page, "wizard-step-mode"),
        "dates" => t!(page, "wizard-step-dates"),
        "groups" => t!(page, "wizard-step-groups"),
        "load" => t!(page, "wizard-step-load"),
        "notices" => t!(page, "wizard-step-notices"),
        _ if catch_up => t!(page, "wizard-step-second"),
        _ if whose.is_empty() => t!(page, "wizard-step-hours"),
        _ => t!(page, "wizard-step-hours-of", whose = whose.join(", ")),
    }
}

/// What a step is for.
pub fn wizard_lead(page: &Page, key: &str, catch_up: bool) -> String {
    match key {
        "goods" => t!(page, "wizard-lead-goods"),
        "mode" => t!(page, "wizard-lead-mode"),
        "dates" => t!(page, "wizard-lead-dates"),
        "groups" => t!(page, "wizard-lead-groups"),
        "load" => t!(page, "wizard-lead-load"),
        "notices" => t!(page, "wizard-lead-notices"),
        _ if catch_up => t!(page, "wizard-lead-second"),
        _ => t!(page, "wizard-lead-hours"),
    }
}

/// What a field or a choice is called, and more about it. Fields of which there are several end in a number.
pub fn wizard_words(page: &Page, id: &str) -> (String, String) {
    let plain = id.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('_');
    match plain {
        "title_ko" => (t!(page, "wizard-title-ko"), t!(page, "wizard-title-ko-hint")),
        "title_en" => (t!(page, "wizard-title-en"), t!(page, "wizard-title-en-hint")),
        "slug" => (t!(page, "wizard-slug"), t!(page, "wizard-slug-hint")),
        "unit" => (t!(page, "wizard-unit"), t!(page, "wizard-unit-hint")),
        "budget" => (t!(page, "wizard-budget"), t!(page, "wizard-budget-hint")),
        "cap" => (t!(page, "wizard-cap"), t!(page, "wizard-cap-hint")),
        "price_percent" => (t!(page, "wizard-price-percent"), t!(page, "wizard-price-percent-hint")),
        "entrants" => (t!(page, "wizard-entrants"), t!(page, "wizard-entrants-hint")),
        "mode" => (t!(page, "wizard-mode"), String::new()),
        "mode_share" => (t!(page, "wizard-mode-share"), String::new()),
        "mode_everyone" => (t!(page, "wizard-mode-everyone"), String::new()),
        "mode_lottery" => (t!(page, "wizard-mode-lottery"), String::new()),
        "because_ko" => (t!(page, "wizard-because-ko"), t!(page, "wizard-because-ko-hint")),
        "because_en" => (t!(page, "wizard-because-en"), t!(page, "wizard-because-en-hint")),
        "places" => (t!(page, "wizard-places"), t!(page, "wizard-places-hint")),
        "opens" => (t!(page, "wizard-opens"), t!(page, "wizard-opens-hint")),
        "closes" => (t!(page, "wizard-closes"), t!(page, "wizard-closes-hint")),
        "seals" => (t!(page, "wizard-seals"), t!(page, "wizard-seals-hint")),
        "reveals" => (t!(page, "wizard-reveals"), t!(page, "wizard-reveals-hint")),
        "pulse" => (t!(page, "wizard-pulse"), t!(page, "wizard-pulse-hint")),
        "results" => (t!(page, "wizard-results"), t!(page, "wizard-results-hint")),
        "beacon" => (t!(page, "wizard-beacon"), String::new()),
        "beacon_drand" => (t!(page, "wizard-beacon-drand"), String::new()),
        "beacon_none" => (t!(page, "wizard-beacon-none"), String::new()),
        "groups" => (t!(page, "wizard-groups"), t!(page, "wizard-groups-hint")),
        "groups_all" => (t!(page, "wizard-groups-all"), String::new()),
        "groups_parity" => (t!(page, "wizard-groups-parity"), String::new()),
        "groups_digits" => (t!(page, "wizard-groups-digits"), String::new()),
        "groups_own" => (t!(page, "wizard-groups-own"), String::new()),
        "first_day" => (t!(page, "wizard-first-day"), String::new()),
        "days" => (t!(page, "wizard-days"), t!(page, "wizard-days-hint")),
        "weekdays" => (t!(page, "wizard-weekdays"), String::new()),
        "weekday_mon" => (t!(page, "wizard-weekday-mon"), String::new()),
        "weekday_tue" => (t!(page, "wizard-weekday-tue"), String::new()),
        "weekday_wed" => (t!(page, "wizard-weekday-wed"), String::new()),
        "weekday_thu" => (t!(page, "wizard-weekday-thu"), String::new()),
        "weekday_fri" => (t!(page, "wizard-weekday-fri"), String::new()),
        "weekday_sat" => (t!(page, "wizard-weekday-sat"), String::new()),
        "weekday_sun" => (t!(page, "wizard-weekday-sun"), String::new()),
        "holidays" => (t!(page, "wizard-holidays"), String::new()),
        "holidays_kr" => (t!(page, "wizard-holidays-kr"), String::new()),
        "part_am" => (t!(page, "wizard-part-am"), t!(page, "wizard-part-am-hint")),
        "part_noon" => (t!(page, "wizard-part-noon"), t!(page, "wizard-part-noon-hint")),
        "part_pm" => (t!(page, "wizard-part-pm"), t!(page, "wizard-part-pm-hint")),
        "part_eve" => (t!(page, "wizard-part-eve"), t!(page, "wizard-part-eve-hint")),
        "until" => (t!(page, "wizard-until"), String::new()),
        "slot_minutes" => (t!(page, "wizard-slot-minutes"), t!(page, "wizard-slot-minutes-hint")),
        "slot_capacity" => (t!(page, "wizard-slot-capacity"), t!(page, "wizard-slot-capacity-hint")),
        "per_minute_open" => (t!(page, "wizard-per-minute-open"), t!(page, "wizard-per-minute-open-hint")),
        "at_most" => (t!(page, "wizard-at-most"), t!(page, "wizard-at-most-hint")),
        "show" => (t!(page, "wizard-show"), t!(page, "wizard-show-hint")),
        "opens_page" => (t!(page, "wizard-opens-page"), t!(page, "wizard-opens-page-hint")),
        "per_second" => (t!(page, "wizard-per-second"), t!(page, "wizard-per-second-hint")),
        "per_minute" => (t!(page, "wizard-per-minute"), t!(page, "wizard-per-minute-hint")),
        "per_day" => (t!(page, "wizard-per-day"), t!(page, "wizard-per-day-hint")),
        "drops" => (t!(page, "wizard-drops"), String::new()),
        "drop" => (t!(page, "wizard-drop"), String::new()),
        "new" => (t!(page, "wizard-new"), String::new()),
        "new_name" => (t!(page, "wizard-new-name"), t!(page, "wizard-new-name-hint")),
        "new_kind" => (t!(page, "wizard-new-kind"), String::new()),
        "kind_seller" => (t!(page, "wizard-kind-seller"), String::new()),
        "kind_mail" => (t!(page, "wizard-kind-mail"), String::new()),
        "kind_sms" => (t!(page, "wizard-kind-sms"), String::new()),
        "kind_identity" => (t!(page, "wizard-kind-identity"), String::new()),
        "new_limit" => (t!(page, "wizard-new-limit"), t!(page, "wizard-new-limit-hint")),
        "spread_hours" => (t!(page, "wizard-spread-hours"), t!(page, "wizard-spread-hours-hint")),
        "grace_hours" => (t!(page, "wizard-grace-hours"), t!(page, "wizard-grace-hours-hint")),
        "still_open_hours" => (t!(page, "wizard-still-open-hours"), t!(page, "wizard-still-open-hours-hint")),
        "offer" => (t!(page, "wizard-offer"), t!(page, "wizard-offer-hint")),
        "lead_minutes" => (t!(page, "wizard-lead-minutes"), t!(page, "wizard-lead-minutes-hint")),
        other => (other.to_owned(), String::new()),
    }
}
