//! When a page cannot be given: what happened, that nothing is lost, and a way out.

use askama::Template;
use chrono::{DateTime, Utc};

use super::{Page, assets};
use crate::words::{Lang, instant};

/// 503: everybody at once, or a database that is changing over. The form sends the same again, so that nobody types twice.
#[derive(Debug, Template)]
#[template(path = "pages/busy.html")]
pub struct Busy {
    /// The frame.
    pub page: Page,
    /// Whether the database is away, rather than everybody here.
    pub away: bool,
    /// About how many seconds to wait, as in `Retry-After`.
    pub seconds: u64,
    /// Where the form goes, or the link where there are no fields.
    pub action: String,
    /// What was sent, token included; empty for a page that was only asked for.
    pub fields: Vec<(String, String)>,
}

impl Busy {
    fn heading(&self) -> String {
        match self.away {
            true => t!(self.page, "busy-away"),
            false => t!(self.page, "busy-heading"),
        }
    }

    /// Nobody counts 214 seconds: from a minute on it is whole minutes, rounded up.
    fn wait(&self) -> String {
        match self.seconds {
            ..60 => t!(self.page, "busy-seconds", seconds = self.seconds),
            60.. => self.page.minutes(self.seconds.div_ceil(60)),
        }
    }
}

/// Why a door that is elsewhere has not let somebody in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DoorTrouble {
    /// It does not answer.
    Silent,
    /// Somebody pressed "cancel" there.
    Declined,
    /// Too late, used before, or not from this browser.
    Spent,
    /// What it says does not show who it is.
    Unproven,
    /// Nobody of the staff has this account.
    NoAccount,
}

/// Any other error.
#[derive(Debug, Template)]
#[template(path = "pages/problem.html")]
pub struct Problem {
    /// The frame.
    pub page: Page,
    /// The HTTP status.
    pub status: u16,
    /// The heading.
    pub title: String,
    /// What happened, in a sentence or two.
    pub happened: String,
    /// Whether to say that nothing the reader did is lost; false where nothing was sent.
    pub nothing_lost: bool,
    /// What the reader can do: the words of a link …
    pub next: String,
    /// … and where it leads.
    pub href: String,
    /// A number the help desk can find in the log.
    pub reference: Option<String>,
}

impl Problem {
    fn heading(&self) -> String {
        self.title.clone()
    }

    fn new(page: Page, status: u16, title: String, happened: String) -> Problem {
        let next = t!(page, "problem-next-home");
        Problem {
            page,
            status,
            title,
            happened,
            nothing_lost: false,
            next,
            href: "/".into(),
            reference: None,
        }
    }

    /// 404: no such page or round.
    pub fn not_found(page: Page) -> Problem {
        let (title, happened) = (t!(page, "problem-not-found"), t!(page, "problem-not-found-text"));
        Problem::new(page, 404, title, happened)
    }

    /// 400: what was sent cannot be read.
    pub fn bad_request(page: Page) -> Problem {
        let (title, happened) = (t!(page, "problem-bad-request"), t!(page, "problem-bad-request-text"));
        Problem { nothing_lost: true, ..Problem::new(page, 400, title, happened) }
    }

    /// 403: the form's token is missing, old or of another session; `href` is the form's page.
    pub fn form_too_old(page: Page, href: &str) -> Problem {
        let (title, happened) = (t!(page, "problem-form-too-old"), t!(page, "problem-form-too-old-text"));
        let next = t!(page, "problem-next-form");
        Problem { nothing_lost: true, next, href: href.into(), ..Problem::new(page, 403, title, happened) }
    }

    /// 422: a resident registration number was typed where no field has words for it; `href` is the form's page.
    pub fn resident_number(page: Page, href: &str) -> Problem {
        let (title, happened) = (t!(page, "problem-number"), t!(page, "problem-number-text"));
        let next = t!(page, "problem-next-form");
        Problem { next, href: href.into(), ..Problem::new(page, 422, title, happened) }
    }

    /// 401: the identity check is needed (again); `href` leads to it.
    pub fn signed_out(page: Page, href: &str) -> Problem {
        let (title, happened) = (t!(page, "problem-signed-out"), t!(page, "problem-signed-out-text"));
        let next = t!(page, "problem-next-identity");
        Problem { nothing_lost: true, next, href: href.into(), ..Problem::new(page, 401, title, happened) }
    }

    /// A door that is elsewhere has let nobody in; `href` leads to the doors.
    pub fn door(page: Page, trouble: DoorTrouble, href: String) -> Problem {
        let (status, title, happened) = match trouble {
            DoorTrouble::Silent => (503, t!(page, "problem-door-away"), t!(page, "problem-door-away-text")),
            DoorTrouble::Declined => {
                (403, t!(page, "problem-door-declined"), t!(page, "problem-door-declined-text"))
            }
            DoorTrouble::Spent => (403, t!(page, "problem-door-spent"), t!(page, "problem-door-spent-text")),
            DoorTrouble::Unproven => {
                (403, t!(page, "problem-door-unproven"), t!(page, "problem-door-unproven-text"))
            }
            DoorTrouble::NoAccount => {
                (403, t!(page, "problem-door-no-account"), t!(page, "problem-door-no-account-text"))
            }
        };
        let next =
            if href == "/" { t!(page, "problem-next-home") } else { t!(page, "problem-next-identity") };
        let nothing_lost = trouble != DoorTrouble::NoAccount;
        Problem { nothing_lost, next, href, ..Problem::new(page, status, title, happened) }
    }

    /// 401: staff sign in again.
    pub fn console_signed_out(page: Page) -> Problem {
        let (title, happened) = (t!(page, "console-signed-out"), t!(page, "console-signed-out-text"));
        let next = t!(page, "console-sign-in");
        Problem { next, href: "/console/sign-in".into(), ..Problem::new(page, 401, title, happened) }
    }

    /// 403: for members of staff with another role.
    pub fn not_yours(page: Page) -> Problem {
        let (title, happened) = (t!(page, "console-not-yours"), t!(page, "console-not-yours-text"));
        let next = t!(page, "console-home");
        Problem { next, href: "/console".into(), ..Problem::new(page, 403, title, happened) }
    }

    /// 409: registration has ended, also for paper.
    pub fn counter_closed(page: Page, closed_at: DateTime<Utc>) -> Problem {
        let at = instant::minute(closed_at, page.lang);
        let (title, happened) = (t!(page, "counter-closed"), t!(page, "counter-closed-text", at = at));
        let next = t!(page, "counter-heading");
        Problem { next, href: "/console/counter".into(), ..Problem::new(page, 409, title, happened) }
    }

    /// 409: in another tab the browser has gone on to somebody else.
    pub fn counter_gone(page: Page) -> Problem {
        let (title, happened) = (t!(page, "counter-gone"), t!(page, "counter-gone-text"));
        let next = t!(page, "counter-heading");
        Problem { next, href: "/console/counter".into(), ..Problem::new(page, 409, title, happened) }
    }

    /// 503: what would be printed needs a font that is not on this machine.
    pub fn no_font(page: Page) -> Problem {
        let (title, happened) = (t!(page, "problem-no-font"), t!(page, "problem-no-font-text"));
        Problem { href: "/console".into(), ..Problem::new(page, 503, title, happened) }
    }

    /// 405: the page exists but is not to be used this way.
    pub fn wrong_method(page: Page) -> Problem {
        let (title, happened) = (t!(page, "problem-wrong-method"), t!(page, "problem-wrong-method-text"));
        Problem::new(page, 405, title, happened)
    }

    /// 413: more was sent than any of our forms can hold.
    pub fn too_large(page: Page) -> Problem {
        let (title, happened) = (t!(page, "problem-too-large"), t!(page, "problem-too-large-text"));
        Problem::new(page, 413, title, happened)
    }

    /// 408: the request arrived too slowly.
    pub fn too_slow(page: Page) -> Problem {
        let (title, happened) = (t!(page, "problem-too-slow"), t!(page, "problem-too-slow-text"));
        Problem { nothing_lost: true, ..Problem::new(page, 408, title, happened) }
    }

    /// 409: registration has not begun; `href` is the round's page.
    pub fn not_open(page: Page, opens_at: DateTime<Utc>, href: &str) -> Problem {
        let at = instant::minute(opens_at, page.lang);
        let (title, happened) = (t!(page, "problem-not-open"), t!(page, "problem-not-open-text", at = at));
        let next = t!(page, "problem-next-round");
        Problem { next, href: href.into(), ..Problem::new(page, 409, title, happened) }
    }

    /// 409: registration has ended; `href` is the round's page.
    pub fn closed(page: Page, closed_at: DateTime<Utc>, href: &str) -> Problem {
        let at = instant::minute(closed_at, page.lang);
        let (title, happened) = (t!(page, "problem-closed"), t!(page, "problem-closed-text", at = at));
        let next = t!(page, "problem-next-round");
        Problem { next, href: href.into(), ..Problem::new(page, 409, title, happened) }
    }

    /// 409: two members of staff ended the round; `href` is its page.
    pub fn voided(page: Page, at: DateTime<Utc>, reason: &str, href: &str) -> Problem {
        let at = instant::minute(at, page.lang);
        let title = t!(page, "problem-voided");
        let happened = t!(page, "problem-voided-text", at = at, reason = reason);
        let next = t!(page, "problem-next-round");
        Problem { next, href: href.into(), ..Problem::new(page, 409, title, happened) }
    }

    /// 410: who took part is erased.
    pub fn erased(page: Page, at: DateTime<Utc>, href: &str) -> Problem {
        let at = instant::long_date(at, page.lang);
        let (title, happened) = (t!(page, "problem-erased"), t!(page, "problem-erased-text", at = at));
        let next = t!(page, "problem-next-round");
        Problem { next, href: href.into(), ..Problem::new(page, 410, title, happened) }
    }

    /// 500: our fault.
    pub fn internal(page: Page, reference: Option<String>) -> Problem {
        let (title, happened) = (t!(page, "problem-internal"), t!(page, "problem-internal-text"));
        Problem { nothing_lost: true, reference, ..Problem::new(page, 500, title, happened) }
    }
}
