//! Pages that are right until the second is over: what reloads of impatient people get.
//!
//! Everything that is promised to the second (an opening, one's own second, a close) begins with one, so a page of the same
//! second is never on the wrong side of it. A page belongs to the exact cookie it was made for, and to nobody else; whoever
//! sends a form sees next what has become of it, for with it all pages of that cookie are let go. What somebody else has done
//! meanwhile, or another instance, is seen a second late at most.

use std::{
    collections::HashMap,
    hash::{BuildHasher, Hasher, RandomState},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering::SeqCst},
    },
};

use axum::http::{
    HeaderMap, HeaderName,
    header::{ACCEPT, ACCEPT_LANGUAGE, COOKIE},
};
use chrono::{DateTime, Utc};

use super::answer::Held;

/// Shelves, so that those who keep and those who find seldom wait for each other.
const SHELVES: usize = 64;
/// Of one shelf: 64 MiB of all together. Whoever finds no room is made their page anew each time they look.
const ROOM: usize = 1 << 20;

/// What the answer to a request depends on.
#[derive(Debug)]
pub struct Asked<'a> {
    path: &'a str,
    cookie: &'a [u8],
    language: &'a [u8],
    accept: &'a [u8],
}

impl<'a> Asked<'a> {
    /// What was asked; `None` where a header comes twice, as no browser sends it.
    pub fn of(path: &'a str, headers: &'a HeaderMap) -> Option<Self> {
        let one = |name: HeaderName| {
            let mut values = headers.get_all(name).iter();
            let first = values.next().map_or(&[][..], |value| value.as_bytes());
            values.next().is_none().then_some(first)
        };
        Some(Self { path, cookie: one(COOKIE)?, language: one(ACCEPT_LANGUAGE)?, accept: one(ACCEPT)? })
    }

    fn parts(&self) -> [&[u8]; 4] {
        [self.path.as_bytes(), self.cookie, self.language, self.accept]
    }
}

/// The pages of this second.
#[derive(Debug)]
pub struct Second {
    key: RandomState,
    shelves: [Shelf; SHELVES],
}

#[derive(Debug, Default)]
struct Shelf {
    /// Forms that began or ended: a page that was being made meanwhile may not know of them.
    changes: AtomicU64,
    pages: Mutex<Pages>,
}

#[derive(Debug, Default)]
struct Pages {
    /// Since 1970.
    second: i64,
    bytes: usize,
    by_hash: HashMap<u64, Page>,
}

#[derive(Debug)]
struct Page {
    asked: [Box<[u8]>; 4],
    made_at: DateTime<Utc>,
    held: Arc<Held>,
}

impl Default for Second {
    fn default() -> Self {
        Self { key: RandomState::new(), shelves: std::array::from_fn(|_| Shelf::default()) }
    }
}

impl Second {
    /// The page as it was made earlier in this second. Nothing on a clock that stands still: what happens there happens
    /// between two instants.
    pub fn find(&self, asked: &Asked<'_>, now: DateTime<Utc>) -> Option<Arc<Held>> {
        let mut pages = self.shelf(asked).pages.lock().unwrap_or_else(PoisonError::into_inner);
        if pages.second < now.timestamp() {
            // Who people are is in them: they are not kept for longer than they are of use.
            *pages = Pages { second: now.timestamp(), ..Pages::default() };
        }
        if pages.second != now.timestamp() {
            return None;
        }
        let page = pages.by_hash.get(&self.hash(asked))?;
        (page.made_at < now && page.is(asked)).then(|| page.held.clone())
    }

    /// How many forms there were of whoever asks, and of their neighbours; to be asked before a page is made.
    pub fn changes(&self, asked: &Asked<'_>) -> u64 {
        self.shelf(asked).changes.load(SeqCst)
    }

    /// A page was begun at `made_at`, with so many forms `before`.
    pub fn keep(&self, asked: &Asked<'_>, made_at: DateTime<Utc>, before: u64, held: Arc<Held>) {
        let shelf = self.shelf(asked);
        let mut pages = shelf.pages.lock().unwrap_or_else(PoisonError::into_inner);
        if shelf.changes.load(SeqCst) != before || pages.second > made_at.timestamp() {
            return;
        }
        if pages.second < made_at.timestamp() {
            *pages = Pages { second: made_at.timestamp(), ..Pages::default() };
        }
        let page = Page { asked: asked.parts().map(Into::into), made_at, held };
        let bytes = page.bytes();
        if pages.bytes + bytes <= ROOM {
            pages.bytes += bytes;
            if let Some(before) = pages.by_hash.insert(self.hash(asked), page) {
                pages.bytes -= before.bytes();
            }
        }
    }

    /// Whoever asks sends a form, or was answered: none of their pages holds any more.
    pub fn change(&self, cookie: &[u8]) {
        if cookie.is_empty() {
            return;
        }
        let shelf = self.shelf(&Asked { path: "", cookie, language: b"", accept: b"" });
        // First: a page that was begun before must not be kept afterwards.
        shelf.changes.fetch_add(1, SeqCst);
        let mut pages = shelf.pages.lock().unwrap_or_else(PoisonError::into_inner);
        let mut gone = 0;
        pages.by_hash.retain(|_, page| {
            let stays = *page.asked[1] != *cookie;
            if !stays {
                gone += page.bytes();
            }
            stays
        });
        pages.bytes -= gone;
    }

    /// Where all pages of a cookie are. The end of a sealed cookie is as good as random; others lie where they lie.
    fn shelf(&self, asked: &Asked<'_>) -> &Shelf {
        let name = if asked.cookie.is_empty() { asked.path.as_bytes() } else { asked.cookie };
        let end = name.get(name.len().saturating_sub(8)..).unwrap_or_default();
        let hash = end.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        });
        // In bounds: a remainder.
        &self.shelves[hash as usize % SHELVES]
    }

    fn hash(&self, asked: &Asked<'_>) -> u64 {
        let mut hasher = self.key.build_hasher();
        for part in asked.parts() {
            hasher.write_usize(part.len());
            hasher.write(part);
        }
        hasher.finish()
    }
}

impl Page {
    fn is(&self, asked: &Asked<'_>) -> bool {
        self.asked.iter().zip(asked.parts()).all(|(kept, asked)| **kept == *asked)
    }

    fn bytes(&self) -> usize {
        self.held.bytes() + self.asked.iter().map(|part| part.len()).sum::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Bytes;
    use chrono::TimeDelta;

    use super::*;

    fn asked<'a>(path: &'a str, cookie: &'a str) -> Asked<'a> {
        Asked { path, cookie: cookie.as_bytes(), language: b"ko", accept: b"text/html" }
    }

    fn page(text: &'static str) -> Arc<Held> {
        Arc::new(Held::new(HeaderMap::new(), Bytes::from_static(text.as_bytes())))
    }

    fn at(ms: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::milliseconds(ms)
    }

    #[test]
    fn a_page_is_given_again_within_its_second_and_never_across_it() {
        let second = Second::default();
        let one = asked("/my", "jebi=one");
        second.keep(&one, at(5_300), second.changes(&one), page("mine"));
        for (ms, there) in [(5_299, false), (5_300, false), (5_301, true), (5_999, true), (6_000, false)] {
            assert_eq!(second.find(&one, at(ms)).is_some(), there, "{ms}");
        }
    }

    #[test]
    fn nobody_sees_the_page_of_another_cookie_language_or_path() {
        let second = Second::default();
        let one = asked("/my", "jebi=one");
        second.keep(&one, at(5_000), 0, page("mine"));
        for other in [
            asked("/my", "jebi=two"),
            asked("/my", ""),
            asked("/m", "yjebi=one"),
            Asked { language: b"en", ..asked("/my", "jebi=one") },
            Asked { accept: b"application/json", ..asked("/my", "jebi=one") },
        ] {
            assert!(second.find(&other, at(5_001)).is_none(), "{other:?}");
        }
        // Also if their hashes were the same.
        let shelf = second.shelf(&one);
        let mut pages = shelf.pages.lock().unwrap();
        let kept = pages.by_hash.drain().next().unwrap().1;
        pages.by_hash.insert(second.hash(&asked("/other", "jebi=one")), kept);
        drop(pages);
        assert!(second.find(&asked("/other", "jebi=one"), at(5_001)).is_none());
    }

    #[test]
    fn a_form_lets_go_of_all_pages_of_its_cookie_and_of_those_being_made() {
        let second = Second::default();
        let [mine, why, other] =
            [asked("/my", "jebi=one"), asked("/why", "jebi=one"), asked("/my", "jebi=two")];
        for asked in [&mine, &why, &other] {
            second.keep(asked, at(5_000), second.changes(asked), page("before"));
        }
        // Begun before the form, done during or after it.
        let before = second.changes(&mine);
        second.change(mine.cookie);
        assert!([&mine, &why].iter().all(|asked| second.find(asked, at(5_001)).is_none()));
        assert!(second.find(&other, at(5_001)).is_some());
        second.keep(&mine, at(5_001), before, page("before"));
        let during = second.changes(&mine);
        second.change(mine.cookie);
        second.keep(&mine, at(5_001), during, page("before"));
        assert!(second.find(&mine, at(5_002)).is_none());
        second.keep(&mine, at(5_002), second.changes(&mine), page("after"));
        assert!(second.find(&mine, at(5_003)).is_some());
    }

    #[test]
    fn two_thousand_who_look_at_their_passes_have_room() {
        let second = Second::default();
        // As mixed as the ends of sealed cookies. The page with a pass is the heaviest that many look at, and they do so in
        // the same minutes.
        let mixed = |number: u64| format!("jebi={:016x}", number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let cookies: Vec<String> = (0..2_000).map(mixed).collect();
        let page = Arc::new(Held::new(HeaderMap::new(), Bytes::from(vec![0; 18 << 10])));
        cookies.iter().for_each(|cookie| second.keep(&asked("/my", cookie), at(5_000), 0, page.clone()));
        assert!(cookies.iter().all(|cookie| second.find(&asked("/my", cookie), at(5_001)).is_some()));
    }

    #[test]
    fn there_is_room_for_so_many_bytes_and_the_next_second_begins_empty() {
        let second = Second::default();
        let cookies: Vec<String> = (0..20_000).map(|number| format!("jebi={number:08}")).collect();
        let page = Arc::new(Held::new(HeaderMap::new(), Bytes::from(vec![0; 4 << 10])));
        let of = |at: DateTime<Utc>| {
            cookies.iter().for_each(|cookie| second.keep(&asked("/my", cookie), at, 0, page.clone()));
            let used = |shelf: &Shelf| {
                let pages = shelf.pages.lock().unwrap();
                assert!(pages.bytes <= ROOM);
                assert_eq!(pages.bytes, pages.by_hash.values().map(Page::bytes).sum::<usize>());
                pages.by_hash.len()
            };
            second.shelves.iter().map(used).sum::<usize>()
        };
        // Not for all of them.
        assert!((10_000..20_000).contains(&of(at(5_000))));
        assert!((10_000..20_000).contains(&of(at(6_000))));
        assert!(second.find(&asked("/my", &cookies[0]), at(5_500)).is_none());
        // Late by a second: not kept.
        second.keep(&asked("/late", &cookies[0]), at(5_900), 0, page);
        assert!(second.find(&asked("/late", &cookies[0]), at(6_001)).is_none());
    }
}
