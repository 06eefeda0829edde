//! A gateway that falls silent or is not there, and what never leaves.

use std::time::Duration;

use jebi::{
    config::Secret,
    notify::sms::{Kannel, KannelConfig, SmsVendor as _, Text},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpSocket, TcpStream},
    time,
};

use super::{NOTICE, PASSWORD, config, text, word};
use crate::peer::free_port;

#[tokio::test]
async fn what_no_vendor_could_send_is_refused_before_it_leaves() {
    let kannel = Kannel::new(config(free_port())).unwrap();
    for bad in [
        Text { to: "01012345678".into(), ..text(NOTICE) },
        Text { to: "+821012345678\r\nX-Kannel-From: 1".into(), ..text(NOTICE) },
        Text { body: String::new(), ..text(NOTICE) },
        Text { reference: "a b".into(), ..text(NOTICE) },
    ] {
        assert_eq!(word(&kannel.send(&bad).await), "permanent");
    }
}

#[tokio::test]
async fn a_gateway_that_read_the_request_and_fell_silent_is_unknown() {
    let refused = Kannel::new(config(free_port())).unwrap().send(&text(NOTICE)).await;
    assert_eq!(word(&refused), "hold", "{refused}");
    for (answer, expected) in [
        (None, "unknown"),
        (Some(""), "unknown"),
        (Some("HTTP/1.1 202 Accepted\r\nContent-Length: 100\r\n\r\n0: Acc"), "unknown"),
        (Some("HTTP/1.1 202 Accepted\r\nContent-Length: 5\r\n\r\nhello"), "unknown"),
        (Some("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n"), "unknown"),
        (Some("HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n"), "unknown"),
        (Some("HTTP/1.1 503 Busy\r\nContent-Length: 33\r\n\r\nTemporal failure, try again later"), "hold"),
        (Some("HTTP/1.1 400 Bad\r\nContent-Length: 11\r\n\r\nGarbage 'to"), "permanent"),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = tokio::spawn(async move {
            let mut requests = 0;
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                requests += 1;
                assert_eq!(requests, 1, "the request was sent twice");
                let mut request = vec![0; 64 * 1024];
                assert!(stream.read(&mut request).await.unwrap() > 0);
                match answer {
                    Some(answer) => stream.write_all(answer.as_bytes()).await.unwrap(),
                    None => time::sleep(Duration::from_secs(60)).await,
                }
            }
        });
        let hasty = KannelConfig { timeout: Duration::from_millis(500), ..config(port) };
        let outcome = Kannel::new(hasty).unwrap().send(&text(NOTICE)).await;
        assert_eq!(word(&outcome), expected, "{answer:?}: {outcome}");
        time::sleep(Duration::from_millis(100)).await;
        assert!(!server.is_finished(), "the request was sent twice");
        server.abort();
    }
}

#[tokio::test]
async fn a_gateway_that_swallows_connections_is_a_hold() {
    // With the queue of a listener full, Linux answers no further connection attempt.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(0).unwrap();
    let address = listener.local_addr().unwrap();
    let _queued: Vec<_> = (0..4).map(|_| tokio::spawn(TcpStream::connect(address))).collect();
    time::sleep(Duration::from_millis(200)).await;
    let hasty = KannelConfig { timeout: Duration::from_secs(1), ..config(address.port()) };
    let outcome = Kannel::new(hasty).unwrap().send(&text(NOTICE)).await;
    assert_eq!(word(&outcome), "hold", "{outcome}");
}

#[tokio::test]
async fn secrets_are_not_shown_and_bad_settings_are_named() {
    let kannel = Kannel::new(config(13013)).unwrap();
    assert!(!format!("{kannel:?} {:?}", config(13013)).contains(PASSWORD));
    for (bad, setting) in [
        (KannelConfig { url: "sendsms".into(), ..config(1) }, "url"),
        (KannelConfig { url: "ftp://gateway.example/".into(), ..config(1) }, "url"),
        (KannelConfig { username: "a\nb".into(), ..config(1) }, "username"),
        (KannelConfig { password: Secret::new("a\nb"), ..config(1) }, "password"),
        (KannelConfig { sender: "a\nb".into(), ..config(1) }, "sender"),
    ] {
        let error = Kannel::new(bad).expect_err("must be refused").to_string();
        assert!(error.contains(setting) && !error.contains('\n'), "{error}");
    }
}
