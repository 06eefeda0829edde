//! Answers that are given again from memory, before anything else is asked: no route, no cookie opened, no database, no disk.
//!
//! Two kinds, and only where a page says so of its own answer ([`Hold`]): files that never change, and pages that are right
//! until the second is over. The memory of both is bounded. Only answers of 200 without a cookie, to a GET without a query
//! and without another spelling of its address.

mod answer;
mod files;
mod second;

use std::{
    convert::Infallible,
    future::{Ready, ready},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{
    Router,
    body::{Body, HttpBody, to_bytes},
    http::{
        HeaderValue, Method, Request, Response, StatusCode,
        header::{CONTENT_LENGTH, COOKIE, SET_COOKIE},
    },
};
use chrono::{DateTime, Utc};
use futures_util::future::Either;
use tower::Service;

use self::{answer::Held, files::Files, second::Asked, second::Second};
use super::{
    headers::{self, RequestId, X_REQUEST_ID},
    router::router,
};
use crate::app::App;

/// How long an answer may be given again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// It never changes, and is everybody's.
    ForEver,
    /// Until the second is over that it was made in; to the same cookie and languages only.
    Second,
}

impl Hold {
    /// Says so of an answer.
    pub fn mark(self, mut answer: Response<Body>) -> Response<Body> {
        answer.extensions_mut().insert(self);
        answer
    }
}

/// The whole site, and what it holds.
#[derive(Clone)]
pub struct Site(Arc<Parts>);

struct Parts {
    app: App,
    router: Router,
    files: Files,
    second: Second,
}

/// The whole site, as it is served.
pub fn site(app: App) -> Site {
    let (router, files, second) = (router(app.clone()), Files::default(), Second::default());
    Site(Arc::new(Parts { app, router, files, second }))
}

type Answered = Result<Response<Body>, Infallible>;
type Asking = Pin<Box<dyn Future<Output = Answered> + Send>>;

impl Service<Request<Body>> for Site {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Either<Ready<Answered>, Asking>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let uri = request.uri();
        if request.method() == Method::GET && uri.query().is_none() && !uri.path().contains('%') {
            let now = self.0.app.clock.now();
            if let Some(held) = self.find(&request, now) {
                let id = RequestId::of(request.headers().get(&X_REQUEST_ID));
                tracing::debug!(id = id.as_str(), "answered from memory");
                self.0.app.answers.count(false);
                let answer = held.give_at(now, request.headers(), id.into_value());
                return Either::Left(ready(Ok(answer)));
            }
            return Either::Right(Box::pin(self.clone().show(request)));
        }
        Either::Right(Box::pin(self.clone().take(request)))
    }
}

impl Site {
    fn find(&self, request: &Request<Body>, now: DateTime<Utc>) -> Option<Arc<Held>> {
        let path = request.uri().path();
        self.0.files.find(path).or_else(|| {
            let asked = Asked::of(path, request.headers())?;
            self.0.second.find(&asked, now)
        })
    }

    /// A page, and keeps what may be given again.
    async fn show(self, request: Request<Body>) -> Answered {
        let (path, given) = (request.uri().path().to_owned(), request.headers().clone());
        let asked = Asked::of(&path, &given);
        let (now, before) =
            (self.0.app.clock.now(), asked.as_ref().map(|asked| self.0.second.changes(asked)));
        let answer = self.0.router.clone().call(request).await?;
        let hold = answer.extensions().get::<Hold>().copied();
        let Some(hold) = hold.filter(|hold| answer.status() == StatusCode::OK && hold.fits(&answer)) else {
            return Ok(answer);
        };
        let (parts, body) = answer.into_parts();
        // As long as it says, which fits.
        let Ok(body) = to_bytes(body, usize::MAX).await else { return Ok(headers::failed()) };
        let id = parts.headers.get(&X_REQUEST_ID).cloned().unwrap_or(HeaderValue::from_static("-"));
        let held = Arc::new(match hold {
            Hold::ForEver => Held::new(parts.headers, body),
            Hold::Second => Held::of_second(parts.headers, body),
        });
        match (hold, asked, before) {
            (Hold::ForEver, ..) => return Ok(self.0.files.keep(&path, held).give(&given, id)),
            (Hold::Second, Some(asked), Some(before)) => {
                self.0.second.keep(&asked, now, before, held.clone());
            }
            _ => {}
        }
        Ok(held.give(&given, id))
    }

    /// A form, or what is not held: whoever sends something sees next what has become of it.
    async fn take(self, request: Request<Body>) -> Answered {
        let changes = *request.method() != Method::GET && *request.method() != Method::HEAD;
        let cookie = request.headers().get(COOKIE).filter(|_| changes).cloned();
        let change = || cookie.iter().for_each(|cookie| self.0.second.change(cookie.as_bytes()));
        change();
        let answer = self.0.router.clone().call(request).await;
        change();
        answer
    }
}

impl Hold {
    /// Longer ones are read from where they are.
    const LARGEST: u64 = 1 << 20;
    /// No page is as long.
    const LARGEST_PAGE: u64 = 64 << 10;

    fn fits(self, answer: &Response<Body>) -> bool {
        let most = if self == Self::ForEver { Self::LARGEST } else { Self::LARGEST_PAGE };
        let said = answer.headers().get(CONTENT_LENGTH).and_then(|said| said.to_str().ok()?.parse().ok());
        let bytes: Option<u64> = answer.body().size_hint().exact().or(said);
        bytes.is_some_and(|bytes| bytes <= most) && !answer.headers().contains_key(SET_COOKIE)
    }
}
