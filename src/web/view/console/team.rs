//! Who is on the staff.

use askama::Template;

use super::Bar;
use crate::{
    web::view::{FieldError, Page, assets},
    words::Lang,
};

/// Somebody.
#[derive(Clone, Debug)]
pub struct TeamLine {
    /// Their name.
    pub name: String,
    /// Their role, in words.
    pub role: String,
    /// Whether they have signed in and set up their app.
    pub enrolled: bool,
}

/// All of them.
#[derive(Debug, Template)]
#[template(path = "pages/console/team.html")]
pub struct TeamPage {
    /// The frame.
    pub page: Page,
    /// The bar.
    pub bar: Bar,
    /// By name.
    pub people: Vec<TeamLine>,
    /// What one can be: key, name.
    pub roles: Vec<(&'static str, String)>,
    /// Whether the reader proposes another role for somebody.
    pub proposes: bool,
    /// What to put right.
    pub errors: Vec<FieldError>,
}

impl TeamPage {
    fn heading(&self) -> String {
        t!(self.page, "team")
    }
}

#[cfg(test)]
pub(super) mod samples {
    use super::*;
    use crate::{
        domain::staff::Role,
        web::view::{errors, role_label, samples::Samples},
    };

    /// Calls `add` for each.
    pub fn add_pages(samples: &Samples, add: &mut dyn FnMut(&'static str, &dyn askama::DynTemplate)) {
        let page = samples.desk("/console/staff");
        let line = |name: &str, enrolled| TeamLine {
            name: samples.word(name),
            role: role_label(Role::Clerk, &page),
            enrolled,
        };
        let team = TeamPage {
            bar: samples.bar(Role::Clerk),
            people: vec![line("kim", true), line("park", false)],
            roles: Role::ALL.map(|role| (role.key(), role_label(role, &page))).into(),
            proposes: true,
            errors: vec![errors::act_changed(samples.lang)],
            page: page.clone(),
        };
        add("console-team", &team);
    }
}
