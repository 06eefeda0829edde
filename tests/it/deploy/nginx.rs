//! nginx with the example, in front of jebi and of one who only says what it was asked.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use axum::{
    Router,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri},
};
use jebi::{clock::Clock, domain::staff::Role, service};
use reqwest::{Client, Response};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::{changed, passes};
use crate::{
    console::rosters::{FORM, form},
    peer::free_port,
    roster::people,
    support::{Engine, TestApp},
};

/// nginx as in the example, with its own certificate; it ends with this.
struct Nginx(Child);

impl Nginx {
    fn start(folder: &Path, jebi: &[u16], http: u16, https: u16) -> Self {
        let (key, certificate) = (folder.join("key.pem"), certificate(folder));
        passes(
            Command::new("openssl")
                .args([
                    "req",
                    "-x509",
                    "-newkey",
                    "rsa:2048",
                    "-nodes",
                    "-days",
                    "2",
                    "-subj",
                    "/CN=localhost",
                ])
                .args(["-addext", "subjectAltName=DNS:localhost", "-keyout"])
                .arg(&key)
                .arg("-out")
                .arg(&certificate),
        );
        let at = |path: &Path| path.display().to_string();
        let line = |port: &u16| format!("    server 127.0.0.1:{port} max_fails=2 fail_timeout=3s;\n");
        let site = changed(
            "nginx.conf",
            &[
                (&line(&8081), ""),
                (&line(&8080), &jebi.iter().map(line).collect::<String>()),
                ("/var/lib/nginx/jebi", &at(&folder.join("cache"))),
                ("/var/log/nginx/jebi.log", &at(&folder.join("jebi.log"))),
                ("/etc/letsencrypt/live/jebi.example.go.kr/fullchain.pem", &at(&certificate)),
                ("/etc/letsencrypt/live/jebi.example.go.kr/privkey.pem", &at(&key)),
                ("listen 80;\n    listen [::]:80;", &format!("listen 127.0.0.1:{http};")),
                (
                    "listen 443 ssl http2;\n    listen [::]:443 ssl http2;",
                    &format!("listen 127.0.0.1:{https} ssl http2;"),
                ),
                ("server_name jebi.example.go.kr;", "server_name localhost;"),
            ],
        );
        fs::write(folder.join("site.conf"), site).unwrap();
        let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|kind| format!("{kind}_temp_path {};\n", at(&folder.join(kind))))
            .concat();
        // As Debian has it, whose log of visits a site inherits, but for what the example says of the file around it.
        let all = format!(
            "pid {};\nerror_log stderr;\ndaemon off;\nmaster_process off;\n{}http {{\naccess_log {};\n{temporary}include \
             {};\n}}\n",
            at(&folder.join("pid")),
            around(),
            at(&folder.join("access.log")),
            at(&folder.join("site.conf")),
        );
        let file = folder.join("nginx.conf");
        fs::write(&file, all).unwrap();
        let nginx = || {
            let mut nginx = Command::new("/usr/sbin/nginx");
            nginx.arg("-e").arg("stderr").arg("-c").arg(&file);
            nginx
        };
        passes(nginx().arg("-t"));
        let log = fs::File::create(folder.join("nginx.log")).unwrap();
        Self(nginx().stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn().unwrap())
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What a site cannot say: how many may come, and how many files are open.
fn around() -> String {
    let example = super::example("nginx.conf");
    let said = |line: &&str| line.starts_with("worker_") || line.starts_with("events ");
    let lines: Vec<&str> =
        example.lines().filter_map(|line| line.strip_prefix("#   ")).filter(said).collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    lines.concat()
}

fn certificate(folder: &Path) -> PathBuf {
    folder.join("certificate.pem")
}

fn header<'a>(answer: &'a Response, name: &str) -> &'a str {
    answer.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

fn client() -> Client {
    Client::builder()
        // The certificate is its own issuer, which nobody takes for a server's.
        .danger_accept_invalid_certs(true)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .unwrap()
}

/// Waits until somebody behind it answers.
async fn up(client: &Client, https: u16, folder: &Path) {
    for _ in 0..200 {
        let asked = client.get(format!("https://localhost:{https}/healthz")).send().await;
        if asked.is_ok_and(|answer| answer.status() == 200) {
            return;
        }
        Clock::pause(Duration::from_millis(50)).await;
    }
    panic!("{}", fs::read_to_string(folder.join("nginx.log")).unwrap());
}

/// One who answers with what it was asked with, one line a header. Files of another release it does not have.
async fn echo(has_files: bool) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let answer = move |uri: Uri, headers: HeaderMap| async move {
        let line =
            |(name, value): (&HeaderName, &HeaderValue)| format!("{name}: {}\n", value.to_str().unwrap());
        match !has_files && uri.path().starts_with("/static/") {
            true => (StatusCode::NOT_FOUND, String::new()),
            false => (StatusCode::OK, headers.iter().map(line).collect::<String>()),
        }
    };
    let site = Router::new().fallback(answer);
    tokio::spawn(async move { axum::serve(listener, site).await });
    port
}

/// It makes the last folder of its cache and none above, and does not start where that one is missing. Debian's package
/// brings the folder for what is on its way.
#[test]
fn nginx_finds_the_folder_in_which_it_makes_its_cache() {
    let example = super::example("nginx.conf");
    let cache = example.lines().find_map(|line| line.strip_prefix("proxy_cache_path ")).unwrap();
    let above = Path::new(cache.split(' ').next().unwrap()).parent().unwrap();
    assert_eq!(above, Path::new("/var/lib/nginx"));
    let built = passes(Command::new("/usr/sbin/nginx").arg("-V"));
    let temporary =
        built.split_whitespace().find_map(|word| word.strip_prefix("--http-proxy-temp-path=")).unwrap();
    assert_eq!(Path::new(temporary).parent(), Some(above), "{built}");
    assert!(above.is_dir(), "{} is not there", above.display());
}

/// A location that sets one header of its own inherits none of the server's.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nginx_tells_jebi_the_same_whatever_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let (http, https) = (free_port(), free_port());
    let _nginx = Nginx::start(folder.path(), &[echo(true).await], http, https);
    let client = client();
    up(&client, https, folder.path()).await;
    for (path, cookie) in [
        ("/status", true),
        ("/console/rosters", true),
        ("/static/site.css", false),
        ("/rounds/a/record/pool.txt", false),
    ] {
        let asked = client
            .get(format!("https://localhost:{https}{path}"))
            .header("cookie", "jebi=1")
            .header("x-forwarded-for", "192.0.2.1");
        let said = asked.send().await.unwrap().text().await.unwrap();
        let lines: Vec<&str> = said.lines().collect();
        assert!(lines.contains(&"host: localhost"), "{path}: {said}");
        assert!(
            lines.contains(&"x-forwarded-for: 127.0.0.1") && !said.contains("192.0.2.1"),
            "{path}: {said}"
        );
        // Kept open to the next request.
        assert!(!lines.contains(&"connection: close"), "{path}: {said}");
        assert_eq!(lines.contains(&"cookie: jebi=1"), cookie, "{path}: {said}");
    }
}

/// While releases change, the page of one names a stylesheet that the other does not have.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nginx_finds_a_file_of_another_release() {
    let folder = tempfile::tempdir().unwrap();
    let (http, https) = (free_port(), free_port());
    let _nginx = Nginx::start(folder.path(), &[echo(true).await, echo(false).await], http, https);
    let client = client();
    up(&client, https, folder.path()).await;
    for name in 0..6 {
        let found = client.get(format!("https://localhost:{https}/static/{name}.css")).send().await.unwrap();
        assert_eq!(found.status(), 200, "{name}");
    }
}

/// Of a list that is too large for jebi it says so itself; nobody else sends anything of that size.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nginx_lets_lists_of_staff_through_and_nothing_else_of_their_size() {
    let t = TestApp::start(Engine::Sqlite).await;
    let mut kim = t.staff("kim", Role::Clerk).await;
    let csrf = kim.see("/console/rosters").await.hidden("csrf").unwrap();
    let cookies = kim.browser.cookies.iter().map(|(name, value)| format!("{name}={value}"));
    let cookies = cookies.collect::<Vec<_>>().join("; ");

    let folder = tempfile::tempdir().unwrap();
    let (http, https) = (free_port(), free_port());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let jebi = listener.local_addr().unwrap().port();
    let behind = t.app.clone();
    tokio::spawn(async move { service::serve(&behind, listener, std::future::pending()).await });
    let _nginx = Nginx::start(folder.path(), &[jebi], http, https);
    let client = client();
    up(&client, https, folder.path()).await;
    let send = async |path: &str, list: String| {
        let form = form(&csrf, "look", &list);
        assert!(form.len() > 1 << 20, "{}", form.len());
        let request = client.post(format!("https://localhost:{https}{path}")).body(form);
        let request = request.header("content-type", FORM).header("accept-language", "ko");
        let answer = request.header("cookie", cookies.as_str()).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };

    let (status, page) = send("/console/rosters", people(20_000)).await;
    assert!(status == 200 && page.contains("20,000줄에서 20,000명을 읽었습니다"), "{status}: {page}");
    let (status, page) = send("/console/rosters", "x".repeat(17 << 20)).await;
    assert!(status == 413 && page.contains("보내신 내용이 너무 큽니다"), "{status}: {page}");
    let (status, page) = send("/status", people(20_000)).await;
    assert!(status == 413 && page.contains("<center>nginx"), "{status}: {page}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nginx_serves_the_public_files_from_its_cache_and_passes_the_rest() {
    let t = TestApp::start(Engine::Sqlite).await;
    let round = t.announced(t.draft(100)).await;
    t.jump(round.opens_at);
    let mut minji = t.resident(&round.slug, "minji@example.org").await;
    minji.enter(100_000, &[]).await;
    t.draw(&round).await;
    t.jump(round.results_at);
    t.tick().await;

    let folder = tempfile::tempdir().unwrap();
    let (http, https) = (free_port(), free_port());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let jebi = listener.local_addr().unwrap().port();
    let behind = t
        .another_with(|config| {
            config.public_url = format!("https://localhost:{https}");
            config.address_header = Some("x-forwarded-for".to_owned());
        })
        .await;
    let stop = CancellationToken::new();
    let served = {
        let (behind, stop) = (behind.clone(), stop.clone());
        tokio::spawn(async move { service::serve(&behind, listener, stop.cancelled_owned()).await })
    };
    let nginx = Nginx::start(folder.path(), &[jebi], http, https);
    let client = client();
    let get = |path: String| client.get(format!("https://localhost:{https}{path}")).send();
    up(&client, https, folder.path()).await;

    let slug = &round.slug;
    let page = get(format!("/rounds/{slug}")).await.unwrap();
    assert_eq!((page.status().as_u16(), header(&page, "cache-control")), (200, "no-store"));
    assert!(
        header(&page, "strict-transport-security").contains("max-age") && header(&page, "x-cache").is_empty()
    );
    let mut files = Vec::new();
    for path in [
        format!("/rounds/{slug}/record/result.txt"),
        format!("/rounds/{slug}/record/manifest.txt"),
        format!("/rounds/{slug}/record.zip"),
        "/journal/tile/0/000.p/1".to_owned(),
    ] {
        let first = get(path.clone()).await.unwrap();
        assert_eq!((first.status().as_u16(), header(&first, "x-cache")), (200, "MISS"), "{path}");
        files.push((path, first.bytes().await.unwrap()));
    }
    let stored = fs::read(t.app.record_dir(slug).join("result.txt"));
    assert_eq!(
        stored.unwrap_or_else(|_| fs::read(behind.record_dir(slug).join("result.txt")).unwrap()),
        files[0].1
    );
    // What is early is refused by jebi, and that is not kept.
    let early = get("/journal/tile/0/999".to_owned()).await.unwrap();
    assert_eq!(early.status(), 404);
    let moved = client
        .get(format!("http://127.0.0.1:{http}/status?minji=secret"))
        .header("host", "localhost")
        .send()
        .await
        .unwrap();
    assert_eq!(
        (moved.status().as_u16(), header(&moved, "location")),
        (301, "https://localhost/status?minji=secret")
    );

    // With nobody behind it, what was published is still there.
    stop.cancel();
    served.await.unwrap().unwrap();
    for (path, bytes) in files {
        let again = get(path.clone()).await.unwrap();
        assert_eq!((again.status().as_u16(), header(&again, "x-cache")), (200, "HIT"), "{path}");
        assert!(again.bytes().await.unwrap() == bytes, "{path}");
    }
    for path in [format!("/rounds/{slug}?minji=secret"), "/journal/tile/0/999".to_owned()] {
        assert_eq!(get(path).await.unwrap().status(), 502);
    }
    drop(nginx);
    // Nobody who came is in a log, though jebi was away for two of them.
    let log = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!((log("access.log"), log("jebi.log")), (String::new(), String::new()));
    assert!(!log("nginx.log").contains("secret"), "{}", log("nginx.log"));
}
