//! What every answer carries, asked of a router without sockets.

use std::process::Command;
use std::sync::{Arc, Mutex};
use std::{env, io};

use axum::body::{Body, Bytes};
use axum::extract::Path;
use axum::http::{Request, Response, StatusCode, header};
use axum::routing::{get, post};
use axum::{Extension, Router};
use jebi::web::headers::{BODY_BYTES, Cause, cover};
use tower::ServiceExt;

fn app(https: bool) -> Router {
    let app = Router::new()
        .route("/", get(|| async { "here" }))
        .route("/kept", get(|| async { ([(header::CACHE_CONTROL, "public, max-age=60")], "kept") }))
        .route("/my/{receipt}", get(|Path(_): Path<String>| async { tracing::info!("inside") }))
        .route(
            "/broken",
            get(|| async { (StatusCode::SERVICE_UNAVAILABLE, Extension(Cause("inbox full".into()))) }),
        )
        .route("/panic", get(async || -> &'static str { panic!("resident 010-1234-5678") }))
        .route("/echo", post(|body: Bytes| async { body }))
        .fallback(|| async { (StatusCode::NOT_FOUND, "nothing here") });
    cover(app, https, Default::default())
}

async fn ask(app: Router, request: axum::http::request::Builder, body: impl Into<Body>) -> Response<Body> {
    app.oneshot(request.body(body.into()).unwrap()).await.unwrap()
}

fn value<'a>(response: &'a Response<Body>, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn every_answer_is_covered_whatever_its_status() {
    for (path, status) in [("/", 200), ("/nowhere", 404), ("/panic", 500)] {
        let response = ask(app(false), Request::get(path), Body::empty()).await;
        assert_eq!(response.status(), status);
        assert!(value(&response, "content-security-policy").starts_with("default-src 'none'; "));
        assert_eq!(value(&response, "x-content-type-options"), "nosniff");
        assert_eq!(value(&response, "referrer-policy"), "same-origin");
        assert_eq!(value(&response, "cache-control"), "no-store");
        assert_eq!(value(&response, "x-request-id").len(), 16);
        assert_eq!(value(&response, "strict-transport-security"), "");
    }
}

#[tokio::test]
async fn https_is_insisted_on_only_where_it_is_used() {
    let response = ask(app(true), Request::get("/"), Body::empty()).await;
    assert_eq!(value(&response, "strict-transport-security"), "max-age=31536000");
}

#[tokio::test]
async fn a_handler_may_say_otherwise() {
    let response = ask(app(false), Request::get("/kept"), Body::empty()).await;
    assert_eq!(value(&response, "cache-control"), "public, max-age=60");
}

#[tokio::test]
async fn a_body_over_the_limit_is_413() {
    let body = vec![b'x'; BODY_BYTES];
    assert_eq!(ask(app(false), Request::post("/echo"), body.clone()).await.status(), 200);
    assert_eq!(ask(app(false), Request::post("/echo"), [body, vec![b'x']].concat()).await.status(), 413);
}

#[tokio::test]
async fn an_id_from_a_proxy_is_kept() {
    let response =
        ask(app(false), Request::get("/").header("x-request-id", "proxy-0042"), Body::empty()).await;
    assert_eq!(value(&response, "x-request-id"), "proxy-0042");
}

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn the_log_names_the_route_and_the_request_and_nobody() {
    // Whether a log line is written at all is settled once for a whole process, by whichever thread
    // comes to it first: this test has a process of its own.
    const ALONE: &str = "JEBI_TEST_ALONE";
    if env::var_os(ALONE).is_some() {
        return log_of_a_few_requests();
    }
    let name = "edges_headers::the_log_names_the_route_and_the_request_and_nobody";
    let mut child = Command::new(env::current_exe().unwrap());
    let output = child.args(["--exact", name, "--nocapture"]).env(ALONE, "1").output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let why = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("1 passed"), "{said}\n{why}");
}

#[tokio::main(flavor = "current_thread")]
async fn log_of_a_few_requests() {
    let lines = Lines::default();
    let into = lines.clone();
    tracing_subscriber::fmt()
        .json()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || into.clone())
        .init();
    let request = Request::get("/my/7K2M-Q9XD?phone=01012345678").header("x-request-id", "proxy-0042");
    ask(app(false), request.header("user-agent", "canary").header("cookie", "canary"), Body::empty()).await;
    ask(app(false), Request::get("/panic"), Body::empty()).await;
    ask(app(false), Request::get("/broken"), Body::empty()).await;
    let log = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    for said in [
        "\"route\":\"/my/{receipt}\"",
        "\"id\":\"proxy-0042\"",
        "\"status\":200",
        "\"status\":500",
        "inside",
        "\"cause\":\"inbox full\"",
    ] {
        assert!(log.contains(said), "{said} is missing in {log}");
    }
    // Nothing so short that the digits of a time or of a request's id could be taken for it.
    for kept in ["7K2M", "12345678", "1234-5678", "canary"] {
        assert!(!log.contains(kept), "{kept} is in {log}");
    }
}
