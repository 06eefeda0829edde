//! Answers: a page, a redirect after a form, or trouble. Trouble is a page with a way out for
//! people and a problem document (RFC 9457) for programs.

use std::any::Any;

use askama::Template;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use i18n_embed_fl::fl;
use sea_orm::DbErr;
use serde_json::{Value, json};

use super::{
    headers::{Cause, WITH_SCRIPT},
    held::Hold,
    view::{
        About, Busy, CeremonyPage, Check, Code, ConsoleHome, CounterBack, CounterCheck, CounterFind,
        CounterForm, CounterSheets, CounterSlip, CounterTicked, Details, DoorTrouble, DraftPage, Enrol,
        ExportsPage, FieldError, FindPage, Identity, Join, Me, PausePage, People, PersonPage, PoolPage,
        Problem, ProposalPage, ProposePage, PurchasesPage, Purpose, ReconcilePage, RosterPage, RostersPage,
        SecondPage, SellersPage, SignIn, TeamPage, WizardPage,
    },
    visit::Visit,
    visitor::Visitor,
};
use crate::{app::Round, lifecycle::LifecycleError, secret::random_below, store};

/// What a page function returns on either path.
pub type Answer = Response;

/// What can go wrong for reasons that are not a field of a form.
pub enum Trouble<'a> {
    /// No such page.
    NotFound,
    /// A form that cannot be read.
    BadForm,
    /// A form that is too large.
    TooLarge,
    /// A form that is not ours, or too old.
    OldForm,
    /// A form with a resident registration number in it.
    ResidentNumber,
    /// The identity check is missing or has run out: for which round, and for what it is needed. Whoever looks at their own
    /// entry may do so after the close.
    SignedOut(&'a str, Purpose),
    /// A door that is elsewhere has let nobody in; where the doors are.
    Door(DoorTrouble, String),
    /// Nobody of the staff is signed in here (any more).
    ConsoleSignedOut,
    /// For another role.
    NotYours,
    /// A counter cannot take entries of this round any more, on paper or otherwise.
    CounterClosed(&'a Round),
    /// A form of a counter whose visitor its browser has forgotten.
    CounterGone,
    /// Nothing can be printed here: there is no font.
    NoFont,
    /// Too early.
    NotOpen(&'a Round),
    /// Too late.
    Closed(&'a Round),
    /// Void: since when, and why.
    Voided(&'a Round, DateTime<Utc>, String),
    /// Who took part is erased, and since when.
    Erased(&'a Round, DateTime<Utc>),
    /// The wrong verb.
    Method,
    /// Our fault.
    Internal,
}

const HTML: &str = "text/html; charset=utf-8";
/// What a page has on which a script runs.
const SCRIPT: &str = "<script src=\"/static/";

impl Visit {
    /// A page.
    pub fn show(&self, page: &impl Template) -> Answer {
        self.show_as(StatusCode::OK, page)
    }

    /// A page that is the same for everybody who has not been here, as it was made within the last second.
    pub fn seen(&self) -> Option<Answer> {
        let page = self.app.pages.find(&self.path, self.lang, self.now).filter(|_| self.visitor.is_none())?;
        Some(Hold::Second.mark(([(header::CONTENT_TYPE, HTML)], page.to_string()).into_response()))
    }

    /// Such a page, made anew; for whoever has been here it is theirs alone.
    pub fn show_all(&self, page: &impl Template) -> Answer {
        Hold::Second.mark(self.show_made(page))
    }

    fn show_made(&self, page: &impl Template) -> Answer {
        match page.render() {
            Ok(html) if self.visitor.is_none() && !html.contains(SCRIPT) => {
                self.app.pages.keep(&self.path, self.lang, self.now, &html);
                ([(header::CONTENT_TYPE, HTML)], html).into_response()
            }
            _ => self.show(page),
        }
    }

    /// A page with mistakes to put right.
    pub fn show_again(&self, page: &impl Mistaken) -> Answer {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        if self.wants_json {
            let errors = page.errors();
            let detail: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
            let each = errors.iter().map(|error| json!({ "field": error.field, "detail": error.message }));
            let title = fl!(self.lang.loader(), "error-summary");
            let more = json!({ "errors": each.collect::<Vec<_>>() });
            return problem_document(status, &title, &detail.join(" "), &self.path, more);
        }
        self.show_as(status, page)
    }

    fn show_as(&self, status: StatusCode, page: &impl Template) -> Answer {
        match page.render() {
            Ok(html) => {
                // Nothing that somebody typed becomes markup: only our own templates name a script, and only our own.
                let script = html.contains(SCRIPT);
                let mut answer = (status, [(header::CONTENT_TYPE, HTML)], html).into_response();
                if script {
                    let policy = HeaderValue::from_static(WITH_SCRIPT);
                    answer.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
                }
                answer
            }
            Err(error) => {
                tracing::error!(%error, "a page cannot be rendered");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }

    /// After a form: 303, so that going back and reloading are safe.
    pub fn go(&self, path: &str) -> Answer {
        (StatusCode::SEE_OTHER, [(header::LOCATION, path.to_owned())]).into_response()
    }

    /// Gives `visitor` their cookie with `answer`.
    pub fn with(&self, visitor: &Visitor, mut answer: Answer) -> Answer {
        if let Some(cookie) = visitor.header(&self.app) {
            answer.headers_mut().append(header::SET_COOKIE, cookie);
        }
        answer
    }

    /// Something failed that should not: logged, and said without details. A database that is changing over to its
    /// standby is nobody's mistake, and back in a moment.
    pub fn failed(&self, error: impl std::fmt::Display + 'static) -> Answer {
        let mut answer = match is_away(&error) {
            true => self.come_back(true, self.path.clone(), Vec::new()),
            false => self.trouble(Trouble::Internal),
        };
        answer.extensions_mut().insert(Cause(error.to_string()));
        answer
    }

    /// The database said no. When only its queue is full, or it is away for a moment, nothing is wrong: come back
    /// later, with the form as it was.
    pub fn database(&self, error: DbErr, action: &str, fields: Vec<(String, String)>) -> Answer {
        match error {
            DbErr::ConnectionAcquire(_) => self.busy(action.to_owned(), fields),
            error if store::is_away(&error) => self.away(action.to_owned(), fields),
            error => self.failed(error),
        }
    }

    /// The database is away: what was sent is kept on the page, and may be sent again.
    pub fn away(&self, action: String, fields: Vec<(String, String)>) -> Answer {
        self.come_back(true, action, fields)
    }

    /// Trouble, as a page or a problem document.
    pub fn trouble(&self, trouble: Trouble<'_>) -> Answer {
        let page = self.page();
        let problem = match trouble {
            Trouble::NotFound => Problem::not_found(page),
            Trouble::BadForm => Problem::bad_request(page),
            Trouble::TooLarge => Problem::too_large(page),
            Trouble::ResidentNumber => Problem::resident_number(page, &self.path),
            Trouble::OldForm => Problem::form_too_old(page, &self.path),
            Trouble::SignedOut(slug, purpose) => {
                Problem::signed_out(page, &format!("/rounds/{slug}/enter?purpose={}", purpose.key()))
            }
            Trouble::Door(trouble, href) => Problem::door(page, trouble, href),
            Trouble::ConsoleSignedOut => Problem::console_signed_out(page),
            Trouble::NotYours => Problem::not_yours(page),
            Trouble::CounterClosed(round) => Problem::counter_closed(page, round.row.closes_at),
            Trouble::CounterGone => Problem::counter_gone(page),
            Trouble::NoFont => Problem::no_font(page),
            Trouble::NotOpen(round) => Problem::not_open(page, round.row.opens_at, &round_path(round)),
            Trouble::Closed(round) => Problem::closed(page, round.row.closes_at, &round_path(round)),
            Trouble::Voided(round, at, reason) => Problem::voided(page, at, &reason, &round_path(round)),
            Trouble::Erased(round, at) => Problem::erased(page, at, &round_path(round)),
            Trouble::Method => Problem::wrong_method(page),
            Trouble::Internal => Problem::internal(page, self.reference.clone()),
        };
        let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        if self.wants_json {
            return problem_document(status, &problem.title, &problem.happened, &problem.href, json!({}));
        }
        self.show_as(status, &problem)
    }

    /// Too many at once. Nothing is lost: the page holds the form, and when to come back is
    /// jittered so that the crowd does not come back together.
    pub fn busy(&self, action: String, fields: Vec<(String, String)>) -> Answer {
        self.come_back(false, action, fields)
    }

    fn come_back(&self, away: bool, action: String, fields: Vec<(String, String)>) -> Answer {
        let seconds = 30 + random_below(271);
        let busy = Busy { page: self.page(), away, seconds, action, fields };
        let status = StatusCode::SERVICE_UNAVAILABLE;
        let mut answer = match self.wants_json {
            true => problem_document(
                status,
                if away { "away" } else { "busy" },
                "nothing is lost; early gives no advantage; try again later",
                "/",
                json!({}),
            ),
            false => self.show_as(status, &busy),
        };
        answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        answer
    }
}

/// Whether it comes from a database that is away.
fn is_away(error: &dyn Any) -> bool {
    let said = error.downcast_ref::<DbErr>().or_else(|| match error.downcast_ref() {
        Some(LifecycleError::Database(said)) => Some(said),
        _ => None,
    });
    said.is_some_and(store::is_away)
}

fn round_path(round: &Round) -> String {
    format!("/rounds/{}", round.row.slug)
}

fn problem_document(status: StatusCode, title: &str, detail: &str, next: &str, more: Value) -> Answer {
    let mut body = json!({
        "type": "about:blank", "status": status.as_u16(), "title": title, "detail": detail, "next": next,
    });
    if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
        body.extend(more);
    }
    (status, [(header::CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response()
}

/// A page with a form, shown again with what is wrong.
pub trait Mistaken: Template {
    /// Everything that is to be put right.
    fn errors(&self) -> &[FieldError];
}

macro_rules! mistaken {
    ($($page:ty),+) => {$(
        impl Mistaken for $page {
            fn errors(&self) -> &[FieldError] {
                &self.errors
            }
        }
    )+};
}
mistaken!(
    Identity,
    Code,
    About,
    Details,
    Check,
    People,
    Join,
    PoolPage,
    RosterPage,
    SignIn,
    SecondPage,
    Enrol,
    Me,
    ProposalPage,
    PausePage,
    ProposePage,
    DraftPage,
    FindPage,
    PersonPage,
    ExportsPage,
    CeremonyPage,
    ReconcilePage
);
mistaken!(ConsoleHome, PurchasesPage, RostersPage, SellersPage, TeamPage);
mistaken!(CounterForm, CounterCheck, CounterSlip, CounterFind, CounterSheets, CounterBack, CounterTicked);
mistaken!(WizardPage);
