//! The accept loop against clients that hold on, over real sockets.

use std::future::Future;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use jebi::web::accept::{Limits, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

const LIMIT: Duration = Duration::from_millis(200);
/// Long after every limit, and far from the default ones.
const SOON: Duration = Duration::from_secs(3);
const BIG: usize = 48 << 20;

struct Server {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<std::io::Result<()>>,
}

async fn start(limits: Limits) -> Server {
    let big = Bytes::from(vec![b'x'; BIG]);
    let app = Router::new()
        .route("/", get(|| async { "here" }))
        .route(
            "/slow",
            get(|| async {
                sleep(LIMIT / 2).await;
                "at last"
            }),
        )
        .route("/stuck", get(std::future::pending::<&'static str>))
        .route("/big", get(|| async { Body::from(big) }))
        .route("/echo", post(|body: Bytes| async { body }).layer(DefaultBodyLimit::max(16 * 1024)));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let ended = tokio::spawn(serve(listener, app, limits, async {
        let _ = stopped.await;
    }));
    Server { address, stop, ended }
}

fn limits() -> Limits {
    let long = Duration::from_secs(60);
    Limits { connections: 1_000, header: long, body: long, total: long, idle: long, drain: long }
}

impl Server {
    async fn open(&self, sent: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(sent.as_bytes()).await.unwrap();
        stream
    }

    async fn get(&self, path: &str) -> String {
        rest(&mut self.open(&format!("GET {path} HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n")).await)
            .await
    }
}

/// Everything until the server closes, which must be soon.
async fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    // A reset is a way of closing, too.
    let _ = timeout(SOON, stream.read_to_end(&mut bytes)).await.expect("the server holds the connection");
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Sends a byte now and then until the server closes; what it said, and after how long.
async fn drip(mut stream: TcpStream) -> (String, Duration) {
    let begun = Instant::now();
    let mut bytes = Vec::new();
    loop {
        let _ = stream.write_all(b"a").await;
        match timeout(LIMIT / 8, stream.read_buf(&mut bytes)).await {
            Ok(Ok(0) | Err(_)) => break,
            _ => assert!(begun.elapsed() < SOON, "the server holds the connection"),
        }
    }
    (String::from_utf8_lossy(&bytes).into_owned(), begun.elapsed())
}

fn about_the_limit(took: Duration) {
    assert!(took >= LIMIT - LIMIT / 8 && took < LIMIT * 4, "cut after {took:?}");
}

#[tokio::test]
async fn a_request_is_answered_and_the_connection_kept() {
    let server = start(limits()).await;
    let mut stream = server.open("GET / HTTP/1.1\r\nhost: h\r\n\r\n").await;
    let mut answer = [0; 1_024];
    let length = stream.read(&mut answer).await.unwrap();
    assert!(answer[..length].ends_with(b"here"));
    stream.write_all(b"GET / HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n").await.unwrap();
    assert!(rest(&mut stream).await.ends_with("here"));
}

/// What is kept for a connection is let go of while it rests.
#[tokio::test]
async fn a_connection_that_rested_goes_on() {
    let server = start(Limits { idle: LIMIT * 2, ..limits() }).await;
    let mut stream = server.open("").await;
    for _ in 0..6 {
        stream.write_all(b"GET / HTTP/1.1\r\nhost: h\r\n\r\n").await.unwrap();
        let mut answer = Vec::new();
        while !answer.ends_with(b"here") {
            answer.push(stream.read_u8().await.unwrap());
        }
        sleep(LIMIT / 2).await;
    }
}

#[tokio::test]
async fn slow_headers_are_cut() {
    let server = start(Limits { header: LIMIT, ..limits() }).await;
    let (said, took) = drip(server.open("GET / HTTP/1.1\r\nx-slow: ").await).await;
    assert_eq!(said, "");
    about_the_limit(took);
}

#[tokio::test]
async fn a_connection_that_never_asks_anything_is_cut() {
    let server = start(Limits { idle: LIMIT, ..limits() }).await;
    let begun = Instant::now();
    assert_eq!(rest(&mut server.open("").await).await, "");
    about_the_limit(begun.elapsed());
}

#[tokio::test]
async fn an_idle_connection_is_cut_after_its_answer() {
    let server = start(Limits { idle: LIMIT, ..limits() }).await;
    let begun = Instant::now();
    assert!(rest(&mut server.open("GET / HTTP/1.1\r\nhost: h\r\n\r\n").await).await.ends_with("here"));
    about_the_limit(begun.elapsed());
}

#[tokio::test]
async fn a_slow_body_is_told_so() {
    let server = start(Limits { body: LIMIT, ..limits() }).await;
    let (said, took) =
        drip(server.open("POST /echo HTTP/1.1\r\nhost: h\r\ncontent-length: 9999\r\n\r\n").await).await;
    assert!(said.starts_with("HTTP/1.1 408 ") && said.contains("did not arrive in full"), "{said}");
    about_the_limit(took);
}

#[tokio::test]
async fn a_body_in_pieces_is_heard_whole() {
    let server = start(Limits { body: LIMIT, ..limits() }).await;
    let head = "POST /echo HTTP/1.1\r\nhost: h\r\nconnection: close\r\ncontent-length: 8\r\n\r\n";
    let mut stream = server.open(head).await;
    for piece in ["ab", "cd", "ef", "gh"] {
        sleep(LIMIT / 10).await;
        stream.write_all(piece.as_bytes()).await.unwrap();
    }
    assert!(rest(&mut stream).await.ends_with("abcdefgh"));
}

#[tokio::test]
async fn a_body_far_too_long_is_refused_in_words_and_not_by_a_reset() {
    let server = start(limits()).await;
    let mut stream = server.open("POST /echo HTTP/1.1\r\nhost: h\r\ncontent-length: 8000000\r\n\r\n").await;
    stream.write_all(&vec![b'x'; 8_000_000]).await.unwrap();
    assert!(rest(&mut stream).await.starts_with("HTTP/1.1 413 "));
}

#[tokio::test]
async fn an_answer_that_takes_too_long_becomes_an_apology() {
    let server = start(Limits { total: LIMIT, ..limits() }).await;
    let begun = Instant::now();
    let said = server.get("/stuck").await;
    let (_, after) = said.split_once("retry-after: ").unwrap();
    let seconds: u64 = after.lines().next().unwrap().parse().unwrap();
    assert!(said.starts_with("HTTP/1.1 503 ") && (30..=300).contains(&seconds), "{said}");
    about_the_limit(begun.elapsed());
}

#[tokio::test]
async fn when_very_many_ask_at_once_each_is_answered_on_the_same_connection() {
    let server = start(limits()).await;
    let mut crowd = Vec::new();
    for _ in 0..400 {
        crowd.push(server.open("").await);
    }
    for _ in 0..3 {
        for stream in &mut crowd {
            stream.write_all(b"GET / HTTP/1.1\r\nhost: h\r\n\r\n").await.unwrap();
        }
        for stream in &mut crowd {
            let mut answer = Vec::new();
            while !answer.ends_with(b"here") {
                answer.push(stream.read_u8().await.unwrap());
            }
            assert!(answer.starts_with(b"HTTP/1.1 200 "));
        }
    }
}

#[tokio::test]
async fn a_reader_that_takes_nothing_is_cut() {
    let server = start(Limits { idle: LIMIT, ..limits() }).await;
    let mut stream = server.open("GET /big HTTP/1.1\r\nhost: h\r\n\r\n").await;
    sleep(LIMIT * 3).await;
    assert!(rest(&mut stream).await.len() < BIG);
}

#[tokio::test]
async fn a_reader_that_takes_a_little_at_a_time_gets_everything() {
    let server = start(Limits { idle: LIMIT, ..limits() }).await;
    let mut stream = server.open("GET /big HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n").await;
    let begun = Instant::now();
    let mut piece = vec![0; 1 << 20];
    let mut taken = 0;
    loop {
        let length = stream.read(&mut piece).await.unwrap();
        if length == 0 {
            break;
        }
        taken += length;
        if begun.elapsed() < LIMIT * 4 {
            sleep(LIMIT / 8).await;
        }
    }
    assert!(taken > BIG && begun.elapsed() > LIMIT * 2, "{taken} bytes in {:?}", begun.elapsed());
}

#[tokio::test]
async fn when_full_those_who_ask_nothing_make_way() {
    let server = start(Limits { connections: 8, ..limits() }).await;
    let mut held = Vec::new();
    for _ in 0..64 {
        held.push(server.open("GET / HTTP/1.1\r\nx-slow: ").await);
        held.push(server.open("GET / HTTP/1.1\r\nhost: h\r\n\r\n").await);
    }
    let begun = Instant::now();
    assert!(server.get("/").await.ends_with("here"));
    assert!(begun.elapsed() < Duration::from_secs(1), "a GET waited for {:?}", begun.elapsed());
}

#[tokio::test]
async fn when_all_are_busy_a_newcomer_waits_and_the_busy_finish() {
    let server = start(Limits { connections: 2, ..limits() }).await;
    let (one, two, three) = tokio::join!(server.get("/slow"), server.get("/slow"), async {
        sleep(LIMIT / 10).await;
        let begun = Instant::now();
        (server.get("/").await, begun.elapsed())
    });
    assert!(one.ends_with("at last") && two.ends_with("at last"), "{one}{two}");
    assert!(three.0.ends_with("here") && three.1 > LIMIT / 4, "{three:?}");
}

#[tokio::test]
async fn the_end_waits_for_a_request_in_flight_and_for_nobody_else() {
    let server = start(limits()).await;
    let mut slow = server.open("GET /slow HTTP/1.1\r\nhost: h\r\n\r\n").await;
    let mut kept = server.open("GET / HTTP/1.1\r\nhost: h\r\n\r\n").await;
    let mut silent = server.open("").await;
    sleep(LIMIT / 5).await;
    server.stop.send(()).unwrap();
    assert!(rest(&mut slow).await.ends_with("at last"));
    assert!(rest(&mut kept).await.ends_with("here"));
    assert_eq!(rest(&mut silent).await, "");
    within(LIMIT * 2, server.ended).await;
    assert!(TcpStream::connect(server.address).await.is_err(), "still accepting");
}

#[tokio::test]
async fn the_end_does_not_wait_for_ever() {
    let server = start(Limits { drain: LIMIT, ..limits() }).await;
    let mut stuck = server.open("GET /stuck HTTP/1.1\r\nhost: h\r\n\r\n").await;
    sleep(LIMIT / 5).await;
    server.stop.send(()).unwrap();
    within(LIMIT * 4, server.ended).await;
    assert_eq!(rest(&mut stuck).await, "");
}

async fn within(
    limit: Duration,
    ended: impl Future<Output = Result<std::io::Result<()>, tokio::task::JoinError>>,
) {
    timeout(limit, ended).await.expect("still serving").unwrap().unwrap();
}
