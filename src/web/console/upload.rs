//! A form of staff with a file in it (RFC 7578). What the file is called is not asked for.

use std::collections::BTreeMap;

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Request},
    http::{StatusCode, header},
    response::IntoResponse,
};

use super::desk::Desk;
use crate::{
    app::App,
    web::answer::{Answer, Trouble},
};

/// Fields of a form, and the bytes of its file among them.
pub struct Uploaded(pub Desk, pub Fields);

/// By name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields(BTreeMap<String, Vec<u8>>);

impl Fields {
    /// A field as text; empty where it is none.
    pub fn text(&self, name: &str) -> &str {
        std::str::from_utf8(self.bytes(name)).unwrap_or_default().trim()
    }

    /// A file.
    pub fn bytes(&self, name: &str) -> &[u8] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }
}

impl FromRequest<App> for Uploaded {
    type Rejection = Answer;

    async fn from_request(request: Request, app: &App) -> Result<Self, Answer> {
        let (mut parts, body) = request.into_parts();
        let desk = Desk::from_request_parts(&mut parts, app).await?;
        let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let kind = kind.unwrap_or_default().to_owned();
        let bytes = match Bytes::from_request(Request::from_parts(parts, body), app).await {
            Ok(bytes) => bytes,
            Err(rejection) => {
                let large = rejection.into_response().status() == StatusCode::PAYLOAD_TOO_LARGE;
                return Err(desk.visit.trouble(if large { Trouble::TooLarge } else { Trouble::BadForm }));
            }
        };
        // Megabytes are taken apart beside the requests, not among them.
        let fields = tokio::task::spawn_blocking(move || match boundary(&kind) {
            Some(boundary) => parted(&bytes, boundary),
            None => Some(Fields(
                url::form_urlencoded::parse(&bytes)
                    .map(|(name, value)| (name.into_owned(), value.into_owned().into_bytes()))
                    .collect(),
            )),
        });
        match fields.await.map_err(|error| desk.visit.failed(error))? {
            None => Err(desk.visit.trouble(Trouble::BadForm)),
            Some(fields) if desk.is_ours(fields.text("csrf")) => Ok(Self(desk, fields)),
            Some(_) => Err(desk.visit.trouble(Trouble::OldForm)),
        }
    }
}

fn boundary(kind: &str) -> Option<&str> {
    let rest = kind.strip_prefix("multipart/form-data")?;
    let named = rest.split(';').find_map(|part| part.trim().strip_prefix("boundary="))?;
    let named = named.trim_matches('"');
    (1..=70).contains(&named.len()).then_some(named)
}

/// Where something begins in something else.
fn place(of: &[u8], within: &[u8]) -> Option<usize> {
    within.windows(of.len()).position(|window| window == of)
}

/// Its parts; `None` if it is cut off or was never one.
fn parted(body: &[u8], boundary: &str) -> Option<Fields> {
    let (first, next) = (format!("--{boundary}"), format!("\r\n--{boundary}"));
    let mut rest = body.get(place(first.as_bytes(), body)? + first.len()..)?;
    let mut fields = Fields::default();
    while !rest.starts_with(b"--") {
        let part = rest.strip_prefix(b"\r\n")?;
        let headers = part.get(..place(b"\r\n\r\n", part)?)?;
        let content = part.get(headers.len() + 4..)?;
        let length = place(next.as_bytes(), content)?;
        let headers = String::from_utf8_lossy(headers);
        let name = headers.split("name=\"").nth(1).and_then(|rest| rest.split('"').next())?;
        fields.0.insert(name.to_owned(), content.get(..length)?.to_vec());
        rest = content.get(length + next.len()..)?;
    }
    Some(fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_found_between_its_marks() {
        let body = b"--xx\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\nabc\r\n--xx\r\n\
            Content-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\nContent-Type: text/csv\r\n\r\n\
            one\r\ntwo--xx\r\n\r\n--xx--\r\n";
        let fields = parted(body, "xx").unwrap();
        assert_eq!((fields.text("csrf"), fields.bytes("file")), ("abc", b"one\r\ntwo--xx\r\n".as_slice()));
        assert!(fields.bytes("other").is_empty());
        for cut in 0..body.len() - 4 {
            assert_eq!(parted(&body[..cut], "xx"), None, "cut at {cut}");
        }
        assert_eq!(boundary("multipart/form-data; boundary=\"xx\""), Some("xx"));
        assert_eq!(boundary("application/x-www-form-urlencoded"), None);
    }
}
