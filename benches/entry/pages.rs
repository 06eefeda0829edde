//! Pages and public files, each beside a bare handler that answers the same bytes from memory.
//!
//! `cargo bench --bench entry -- pages [--seconds 10] [--connections 256] [--postgres URL]`
//!
//! The bare handler looks at nothing: no cookie, no language, no database, no clock. It is served twice, by axum's own
//! accept loop and by jebi's, over the same settings of a connection; what is compared with is whichever answers more.
//! All three take turns.

use std::{collections::BTreeMap, net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{Uri, header},
    response::IntoResponse,
};
use chrono::TimeDelta;
use clap::Args;
use jebi::app::utc;
use jebi::lifecycle::{batch, close, draw, pulse, record, reveal, seal};
use jebi::web::accept;
use public_audit::record::Pulse;
use tokio::{net::TcpListener, runtime::Runtime};

use crate::{
    Schema,
    aim::Aim,
    floors,
    generator::{Requests, Round, run},
    real::Jebi,
    table::{median, quantile_ms},
};

#[derive(Debug, Args)]
pub struct Options {
    /// Seconds for each side of each page
    #[arg(long, default_value_t = 5.0)]
    seconds: f64,
    /// Turns these seconds are divided into
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Keep-alive connections
    #[arg(long, default_value_t = 256)]
    connections: usize,
    /// People whose pages are read
    #[arg(long, default_value_t = 2_000)]
    people: usize,
    /// On this PostgreSQL, in a schema of its own, instead of SQLite
    #[arg(long)]
    postgres: Option<String>,
    /// Folder on a real disk; emptied afterwards
    #[arg(long, default_value = env!("CARGO_TARGET_TMPDIR"))]
    dir: PathBuf,
    /// Print Markdown, as it does anyway
    #[arg(long)]
    markdown: bool,
}

/// What is read, and what issue 8 wants of it.
struct Reading {
    name: &'static str,
    /// Path and further header lines of each request.
    pages: Vec<(String, String)>,
    aim: f64,
}

struct Line {
    name: &'static str,
    aim: f64,
    bytes: f64,
    /// Served by axum's accept loop, and by jebi's.
    bare: [Vec<Round>; 2],
    ours: Vec<Round>,
}

pub fn measure(options: &Options) {
    let folder = tempfile::tempdir_in(&options.dir).expect("a folder");
    let server = Runtime::new().expect("a runtime");
    let schema = options.postgres.as_ref().map(|url| server.block_on(Schema::new(url)));
    let url = schema.as_ref().map(|schema| schema.url.as_str());
    let jebi = server.block_on(Jebi::start(folder.path(), url));
    let people = jebi.requests(0..options.people);
    run(&[jebi.addr], 64, people, Duration::from_secs(600)).expect("everybody enters");
    server.block_on(jebi.settle());

    let slug = &jebi.slug;
    let round = format!("/rounds/{slug}");
    let mine = |path: String| -> Vec<(String, String)> {
        (0..options.people).map(|number| (path.clone(), jebi.browser(&jebi.known(number)))).collect()
    };
    let anonymous = |path: String| vec![(path, "accept: text/html\r\naccept-language: ko\r\n".to_owned())];
    let style = server.block_on(style(jebi.addr, &round));
    let mut lines = Vec::new();
    let mut all = vec![
        Reading { name: "my page, entered", pages: mine(format!("{round}/my")), aim: 0.5 },
        Reading { name: "my page, entered, made anew", pages: mine(format!("{round}/my?anew")), aim: 0.0 },
        Reading { name: "status", pages: anonymous("/status".to_owned()), aim: 0.5 },
        Reading { name: "a round's page, a storm of reloads", pages: anonymous(round.clone()), aim: 0.8 },
        // Whoever has been here before has one, and reloads as others do.
        Reading { name: "the same with a cookie", pages: mine(round.clone()), aim: 0.8 },
        Reading { name: "the same with a cookie, made anew", pages: mine(format!("{round}?anew")), aim: 0.0 },
        Reading { name: "public file: stylesheet", pages: anonymous(style), aim: 0.8 },
    ];
    for reading in all.drain(..) {
        lines.push(one(options, &server, &jebi, reading));
    }
    server.block_on(drawn(&jebi));
    for reading in [
        Reading { name: "my page, with a place", pages: mine(format!("{round}/my")), aim: 0.5 },
        Reading {
            name: "my page, with a place, made anew",
            pages: mine(format!("{round}/my?anew")),
            aim: 0.0,
        },
        Reading {
            name: "public file: checkpoint",
            pages: anonymous("/journal/checkpoint".to_owned()),
            aim: 0.8,
        },
        Reading {
            name: "public file: manifest.txt of the record",
            pages: anonymous(format!("{round}/record/manifest.txt")),
            aim: 0.8,
        },
        Reading {
            name: "public file: result.txt",
            pages: anonymous(format!("{round}/record/result.txt")),
            aim: 0.8,
        },
    ] {
        lines.push(one(options, &server, &jebi, reading));
    }
    // Everybody's turn has begun, and nobody's is over.
    server.block_on(async {
        let round = jebi.app.rounds.find(&jebi.slug).await.expect("read").expect("there");
        let slots = round.rules.slots.iter();
        let ends = slots.map(|slot| utc(slot.starts_at) + TimeDelta::seconds(slot.seconds.into()));
        jebi.app.clock.jump_to(ends.max().expect("slots"));
    });
    for reading in [
        Reading { name: "my page, my turn, with a pass", pages: mine(format!("{round}/my")), aim: 0.5 },
        Reading {
            name: "my page, my turn, with a pass, made anew",
            pages: mine(format!("{round}/my?anew")),
            aim: 0.0,
        },
    ] {
        lines.push(one(options, &server, &jebi, reading));
    }
    print(options, schema.as_ref().map(|schema| schema.promises.as_str()), &lines);
    drop(jebi);
    if let Some(schema) = schema {
        server.block_on(schema.drop());
    }
}

fn one(options: &Options, server: &Runtime, jebi: &Jebi, reading: Reading) -> Line {
    let (path, headers) = &reading.pages[0];
    let (kind, body) = server.block_on(fetched(jebi.addr, path, headers));
    let floors = server.block_on(bare(path.clone(), kind, body.clone()));
    let time = Duration::from_secs_f64(options.seconds / options.rounds as f64);
    let turn = |addr| {
        let requests = Requests::reading(reading.pages.iter().cloned());
        run(&[addr], options.connections, requests, time).expect("a turn")
    };
    let (mut bare, mut ours) = ([Vec::new(), Vec::new()], Vec::new());
    for _ in 0..options.rounds {
        for (rounds, floor) in bare.iter_mut().zip(floors) {
            rounds.push(turn(floor));
        }
        ours.push(turn(jebi.addr));
    }
    Line { name: reading.name, aim: reading.aim, bytes: body.len() as f64, bare, ours }
}

/// What jebi answers there, which the bare handler answers too.
async fn fetched(addr: SocketAddr, path: &str, headers: &str) -> (String, Bytes) {
    let client =
        reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
    let mut get = client.get(format!("http://{addr}{path}"));
    for line in headers.split_terminator("\r\n") {
        let (name, value) = line.split_once(": ").expect("a header");
        get = get.header(name, value);
    }
    let answer = get.send().await.expect("an answer");
    assert_eq!(answer.status(), 200, "{path}");
    let kind = answer.headers()["content-type"].to_str().expect("text").to_owned();
    (kind, answer.bytes().await.expect("a body"))
}

/// By axum's accept loop, and by jebi's.
async fn bare(path: String, kind: String, body: Bytes) -> [SocketAddr; 2] {
    type Kept = Arc<BTreeMap<String, (String, Bytes)>>;
    async fn show(State(kept): State<Kept>, uri: Uri) -> impl IntoResponse {
        let (kind, body) = &kept[uri.path()];
        ([(header::CONTENT_TYPE, kind.clone())], body.clone())
    }
    let path = path.split('?').next().unwrap_or_default().to_owned();
    let kept: Kept = Arc::new([(path.clone(), (kind, body))].into());
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let addr = listener.local_addr().expect("an address");
    let router = Router::new().route(&path, axum::routing::get(show)).with_state(kept);
    let by_axum = floors::serve(router.clone()).await;
    let (limits, never) = (accept::Limits::default(), std::future::pending());
    tokio::spawn(async move { accept::serve(listener, router, limits, never).await });
    [by_axum, addr]
}

async fn style(addr: SocketAddr, page: &str) -> String {
    let text =
        reqwest::get(format!("http://{addr}{page}")).await.expect("a page").text().await.expect("text");
    let names = text.split("href=\"/static/").skip(1).filter_map(|rest| rest.split('"').next());
    let name = names.into_iter().find(|name| name.ends_with(".css")).expect("a stylesheet");
    format!("/static/{name}")
}

/// The round to its end, step by step, as the service would.
async fn drawn(jebi: &Jebi) {
    let app = &jebi.app;
    let fresh = async || {
        app.rounds.forget();
        app.rounds.find(&jebi.slug).await.expect("read").expect("there")
    };
    let at = |instant| {
        app.clock.jump_to(instant);
        instant
    };
    let row = fresh().await.row.clone();
    close::close(app, &row, at(row.closes_at)).await.expect("closed");
    batch::publish(app, &*fresh().await, app.clock.now()).await.expect("published");
    assert!(seal::seal(app, fresh().await.row.clone(), at(row.seals_at)).await.expect("sealed"));
    assert!(reveal::reveal(app, fresh().await.row.clone(), at(row.reveals_at)).await.expect("revealed"));
    let kept = pulse::keep(app, &fresh().await.row, &Pulse::None {}, "", at(row.pulse_at)).await;
    assert!(kept.expect("kept"));
    assert!(draw::draw(app, fresh().await.row.clone(), app.clock.now()).await.expect("drawn"));
    at(row.results_at);
    record::ensure(app, &fresh().await).await.expect("verified and published");
    jebi::jobs::tick(app).await;
}

fn print(options: &Options, promises: Option<&str>, lines: &[Line]) {
    let engine = if options.postgres.is_some() { "PostgreSQL" } else { "SQLite" };
    println!("### Pages and public files beside bare handlers, on {engine}\n");
    if let Some(promises) = promises {
        println!("{promises}\n");
    }
    println!(
        "Each bare handler is an axum handler that answers the same bytes from memory and looks at nothing. It is served by \
         axum's accept loop and by jebi's, both with TCP_NODELAY; the one that answers more is what jebi is compared with. \
         {} connections, {} people, medians of {} turns; generator and all servers on the same cores. People come \
         here again and again within a second: what they saw is given again from memory until the second is over. \
         \"Made anew\" is the same without that, as for people who come less often than once a second.\n",
        options.connections, options.people, options.rounds
    );
    println!(
        "| what | bytes | bare, a second | accept loop | jebi, a second | ratio | aim | reached | p99 | processor time, bare \
         and jebi |"
    );
    println!("| --- | ---: | ---: | --- | ---: | ---: | ---: | --- | ---: | ---: |");
    for line in lines {
        let of = |rounds: &[Round], value: &dyn Fn(&Round) -> f64| median(rounds.iter().map(value).collect());
        let [by_axum, by_jebi] = [0, 1].map(|at| of(&line.bare[at], &|round| round.rate));
        let (bare, at, whose) =
            if by_axum >= by_jebi { (by_axum, 0, "axum's") } else { (by_jebi, 1, "jebi's") };
        let ours = of(&line.ours, &|round| round.rate);
        let aim = if line.aim > 0.0 { Aim::AtLeast(line.aim) } else { Aim::None };
        println!(
            "| {} | {:.0} | {bare:.0} | {whose} | {ours:.0} | {:.2} | {} | {:.1} ms | {:.0}, {:.0} µs |",
            line.name,
            line.bytes,
            ours / bare,
            aim.cells(ours / bare),
            of(&line.ours, &|round| quantile_ms(&round.latencies, 0.99)),
            of(&line.bare[at], &|round| round.server_us),
            of(&line.ours, &|round| round.server_us),
        );
    }
}
