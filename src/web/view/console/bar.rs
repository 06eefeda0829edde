//! The bar above every page of staff.

use crate::{domain::staff::Role, web::view::Page};

/// Who is signed in, and where they can go.
#[derive(Clone, Debug)]
pub struct Bar {
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// The token of the sign-out button.
    pub csrf: String,
}

impl Bar {
    /// Their role, in words.
    pub fn role_name(&self, page: &Page) -> String {
        role_label(self.role, page)
    }

    /// Where this role can go: address, name.
    pub fn ways(&self, page: &Page) -> Vec<(&'static str, String)> {
        let mut ways = vec![("/console", t!(page, "console-home"))];
        if matches!(self.role, Role::Clerk | Role::Approver | Role::Counter | Role::CallCentre) {
            ways.push(("/console/find", t!(page, "console-find")));
        }
        if matches!(self.role, Role::Clerk | Role::Approver | Role::Auditor) {
            if self.role.may_propose() {
                ways.push(("/console/rosters", t!(page, "rosters")));
            }
            ways.push(("/console/proposals", t!(page, "console-proposals")));
            ways.push(("/console/drafts", t!(page, "console-drafts")));
        }
        if !self.role.is_told_times() {
            ways.push(("/console/drills", t!(page, "console-drills")));
        }
        if matches!(self.role, Role::Counter | Role::Clerk) {
            ways.push(("/console/counter", t!(page, "counter-heading")));
        }
        if matches!(self.role, Role::Clerk | Role::Approver | Role::Auditor) {
            ways.push(("/console/exports", t!(page, "exports")));
            ways.push(("/console/sellers", t!(page, "sellers")));
            ways.push(("/console/staff", t!(page, "team")));
        }
        if matches!(self.role, Role::Approver | Role::Auditor) {
            ways.push(("/console/access", t!(page, "console-access")));
        }
        ways.push(("/console/me", t!(page, "console-me")));
        ways
    }
}

/// The name of a role.
pub fn role_label(role: Role, page: &Page) -> String {
    match role {
        Role::Clerk => t!(page, "console-role-clerk"),
        Role::Approver => t!(page, "console-role-approver"),
        Role::Auditor => t!(page, "console-role-auditor"),
        Role::Counter => t!(page, "console-role-counter"),
        Role::CallCentre => t!(page, "console-role-call-centre"),
        Role::Observer => t!(page, "console-role-observer"),
    }
}
