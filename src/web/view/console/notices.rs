//! The notices of a round as they would leave.

use askama::Template;

use super::Bar;
use crate::{
    notify::sms::bytes::{Class, Size, Unfit},
    web::view::{Page, assets},
    words::Lang,
};

/// A notice in one language.
#[derive(Clone, Debug)]
pub struct NoticeText {
    /// Which.
    pub lang: Lang,
    /// How long the text message is, and what it costs.
    pub size: String,
    /// Whether it is in the clerks' own words.
    pub own: bool,
    /// The text message.
    pub sms: String,
    /// The mail's subject.
    pub subject: String,
    /// The mail.
    pub body: String,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "pages/console/notices.html")]
pub struct NoticesPage {
    /// The frame.
    pub page: Page,
    /// The bar.
    pub bar: Bar,
    /// The round's title.
    pub title: String,
    /// The page of the draft or the round.
    pub back: String,
    /// What each is about, and its texts in every language.
    pub kinds: Vec<(String, Vec<NoticeText>)>,
}

impl NoticesPage {
    fn heading(&self) -> String {
        t!(self.page, "notices-heading")
    }
}

/// Bytes and class of a text message.
pub fn notice_size(page: &Page, size: &Result<Size, Unfit>) -> String {
    match size {
        Ok(size) => {
            let bytes = size.bytes.to_string();
            match size.class {
                Class::Sms => t!(page, "notices-sms", bytes = bytes),
                Class::Lms => t!(page, "notices-lms", bytes = bytes),
            }
        }
        Err(unfit) => unfit.to_string(),
    }
}

/// What a notice is about.
pub fn notice_kind(page: &Page, key: &str) -> String {
    match key {
        "entered" => t!(page, "notices-entered"),
        "withdrawn" => t!(page, "notices-withdrawn"),
        "readdressed" => t!(page, "notices-readdressed"),
        "sealed" => t!(page, "notices-sealed"),
        "voided" => t!(page, "notices-voided"),
        "assigned" => t!(page, "notices-assigned"),
        "waitlisted" => t!(page, "notices-waitlisted"),
        "reminder" => t!(page, "notices-reminder"),
        "open" => t!(page, "notices-open"),
        "caught_up" => t!(page, "notices-caught-up"),
        "offered" => t!(page, "notices-offered"),
        "later" => t!(page, "notices-later"),
        "longer" => t!(page, "notices-longer"),
        "lapsed" => t!(page, "notices-lapsed"),
        "returned" => t!(page, "notices-returned"),
        "ended" => t!(page, "notices-ended"),
        other => other.to_owned(),
    }
}

#[cfg(test)]
pub(super) mod samples {
    use super::*;
    use crate::{domain::staff::Role, web::view::samples::Samples};

    /// Calls `add` for each.
    pub fn add_pages(samples: &Samples, add: &mut dyn FnMut(&'static str, &dyn askama::DynTemplate)) {
        let bar = || samples.bar(Role::Clerk);
        let told = |lang| NoticeText {
            lang,
            size: samples.word("87"),
            own: true,
            sms: samples.word("[통영시] 구매 시간"),
            subject: samples.word("[통영시] 구매 시간을 알려 드립니다"),
            body: samples.word("구매 시간: 12월 2일(수)\n금액: 250,000원"),
        };
        let page = samples.desk("/console/rounds/a/notices");
        let kinds = ["entered", "assigned", "later"]
            .map(|kind| (notice_kind(&page, kind), Lang::ALL.map(told).into()));
        let (title, back) = (samples.title(), "/console/rounds/a".to_owned());
        add("console-notices", &NoticesPage { page, bar: bar(), title, back, kinds: kinds.into() });
    }
}
