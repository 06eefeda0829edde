//! Files that staff take away.

use askama::Template;

use super::Bar;
use crate::{
    domain::staff::Role,
    staff::export::Kind,
    web::view::{FieldError, Page, assets, errors::FieldErrors},
    words::Lang,
};

/// The form.
#[derive(Debug, Template)]
#[template(path = "pages/console/exports.html")]
pub struct ExportsPage {
    /// The frame.
    pub page: Page,
    /// The bar.
    pub bar: Bar,
    /// Slug and title.
    pub rounds: Vec<(String, String)>,
    /// What the reader may take.
    pub kinds: Vec<Kind>,
    /// As chosen before.
    pub slug: String,
    /// As chosen before.
    pub what: String,
    /// As chosen before.
    pub format: String,
    /// As typed before.
    pub reason: String,
    /// What to put right.
    pub errors: Vec<FieldError>,
}

impl ExportsPage {
    fn heading(&self) -> String {
        t!(self.page, "exports")
    }

    fn label(&self, kind: &Kind) -> String {
        match kind {
            Kind::Entries => t!(self.page, "exports-entries"),
            Kind::Contacts => t!(self.page, "exports-contacts"),
            Kind::Purchases => t!(self.page, "exports-purchases"),
            Kind::Reservations => t!(self.page, "exports-reservations"),
            Kind::Ledger => t!(self.page, "exports-ledger"),
            Kind::Notices => t!(self.page, "exports-notices"),
            Kind::Statistics => t!(self.page, "exports-statistics"),
            Kind::Access => t!(self.page, "exports-access"),
        }
    }

    /// Whether the reader may take a pack.
    fn packs(&self) -> bool {
        matches!(self.bar.role, Role::Approver | Role::Auditor) && !self.rounds.is_empty()
    }
}

#[cfg(test)]
pub(super) mod samples {
    use super::*;
    use crate::web::view::{errors, samples::Samples};

    /// Calls `add` for each.
    pub fn add_pages(samples: &Samples, add: &mut dyn FnMut(&'static str, &dyn askama::DynTemplate)) {
        use crate::web::view::console::{ceremony, pause, reconcile, statistics};
        ceremony::samples::add_pages(samples, add);
        reconcile::samples::add_pages(samples, add);
        statistics::samples::add_pages(samples, add);
        pause::samples::add_pages(samples, add);
        let page = |role, errors| ExportsPage {
            page: samples.desk("/console/exports"),
            bar: samples.bar(role),
            rounds: vec![(samples.slug(), samples.title())],
            kinds: Kind::ALL.into_iter().filter(|kind| kind.is_for(role)).collect(),
            slug: samples.slug(),
            what: "entries".to_owned(),
            format: "csv".to_owned(),
            reason: samples.word("결과 대조"),
            errors,
        };
        add("console-exports", &page(Role::Approver, Vec::new()));
        let lang = samples.lang;
        let wrong = vec![
            errors::export_what_missing(lang),
            errors::export_format_missing(lang),
            errors::export_reason_missing(lang),
        ];
        add("console-exports-wrong", &page(Role::Clerk, wrong));
        add("console-exports-large", &page(Role::Auditor, vec![errors::export_too_large(lang)]));
        add("console-exports-pack", &page(Role::Auditor, vec![errors::pack_reason_missing(lang)]));
    }
}
