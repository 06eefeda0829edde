//! Who may ask for what: a rule for each address, and the door that holds to it.

use std::convert::Infallible;

use axum::{
    Router,
    extract::{Request, State},
    handler::Handler,
    http::Method,
    middleware::{Next, from_fn_with_state},
    routing::{MethodRouter, Route as AxumRoute, get, post},
};

use super::desk::{Admitted, find};
use crate::{
    app::App,
    domain::staff::Role,
    staff::Stage,
    web::{
        answer::{Answer, Trouble},
        visit::Visit,
    },
};

/// Who may ask for an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Whoever comes: the way in.
    Anybody,
    /// Whoever has come so far in signing in, and no further.
    At(Stage),
    /// Members of staff with one of these roles.
    Staff(&'static [Role]),
}

impl Who {
    /// Everybody on the staff.
    pub const ALL: Self = Self::Staff(&Role::ALL);
    /// Those who prepare and decide.
    pub const DESK: Self = Self::Staff(&[Role::Clerk, Role::Approver]);
    /// Those who decide.
    pub const APPROVER: Self = Self::Staff(&[Role::Approver]);
    /// Those who prepare, decide, or see that it was right.
    pub const OFFICE: Self = Self::Staff(&[Role::Clerk, Role::Approver, Role::Auditor]);
    /// All who may see how a round goes.
    pub const ROUND: Self = Self::Staff(&[Role::Clerk, Role::Approver, Role::Auditor, Role::Observer]);
    /// Those at a counter, and clerks who help there.
    pub const COUNTER: Self = Self::Staff(&[Role::Counter, Role::Clerk]);
    /// Those whom residents ask.
    pub const FINDERS: Self = Self::Staff(&[Role::Clerk, Role::Approver, Role::Counter, Role::CallCentre]);
    /// Those who see that it was right.
    pub const AUDIT: Self = Self::Staff(&[Role::Approver, Role::Auditor]);
}

/// One address, one verb, its rule and its page.
#[derive(Clone)]
pub struct Route {
    /// GET or POST.
    pub method: Method,
    /// As axum writes it.
    pub path: &'static str,
    /// Who may.
    pub who: Who,
    page: MethodRouter<App>,
}

impl Route {
    /// A page to look at.
    pub fn show<H, T>(path: &'static str, who: Who, page: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        Self { method: Method::GET, path, who, page: get(page) }
    }

    /// A form to take.
    pub fn take<H, T>(path: &'static str, who: Who, page: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        Self { method: Method::POST, path, who, page: post(page) }
    }

    /// With a layer of its own, such as a limit.
    pub fn with<L>(self, layer: L) -> Self
    where
        L: tower::Layer<AxumRoute> + Clone + Send + Sync + 'static,
        L::Service: tower::Service<Request, Error = Infallible> + Clone + Send + Sync + 'static,
        <L::Service as tower::Service<Request>>::Response: axum::response::IntoResponse + 'static,
        <L::Service as tower::Service<Request>>::Future: Send + 'static,
    {
        Self { page: self.page.route_layer(layer), ..self }
    }

    pub(super) fn into_router(self, router: Router<App>, app: &App) -> Router<App> {
        let door = from_fn_with_state((app.clone(), self.who), admit);
        router.route(self.path, self.page.route_layer(door))
    }
}

/// The door: nobody comes to a page whose rule does not name them.
async fn admit(State((app, who)): State<(App, Who)>, request: Request, next: Next) -> Answer {
    let (mut parts, body) = request.into_parts();
    let Ok(visit) =
        <Visit as axum::extract::FromRequestParts<App>>::from_request_parts(&mut parts, &app).await;
    let is_form = !parts.method.is_safe();
    // Sent from another site, whatever token it bears.
    if is_form && !visit.is_same_site() {
        return visit.trouble(Trouble::OldForm);
    }
    let signed = match find(&app, &parts.headers, visit.now).await {
        Ok(signed) => signed,
        Err(error) => return visit.failed(error),
    };
    let stage = signed.as_ref().map(|signed| signed.stage);
    let admitted = match (who, stage) {
        (Who::Anybody, _) => true,
        (Who::At(needed), Some(stage)) => needed == stage,
        (Who::Staff(roles), Some(Stage::In)) => {
            let named = signed.as_ref().is_some_and(|signed| roles.contains(&signed.role));
            if !named {
                return visit.trouble(Trouble::NotYours);
            }
            true
        }
        (Who::At(_) | Who::Staff(_), _) => false,
    };
    if !admitted {
        return match stage {
            None if is_form => visit.trouble(Trouble::ConsoleSignedOut),
            None => visit.go("/console/sign-in"),
            Some(Stage::Enrol) => visit.go("/console/enrol"),
            Some(Stage::Code) => visit.go("/console/code"),
            Some(Stage::Codes) => visit.go("/console/codes"),
            Some(Stage::In) => visit.go("/console"),
        };
    }
    if let Some(signed) = signed {
        parts.extensions.insert(Admitted(signed));
    }
    next.run(Request::from_parts(parts, body)).await
}
