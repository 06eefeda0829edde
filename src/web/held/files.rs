//! Files that never change. When there is no more room all are let go: each is read once more.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use super::answer::Held;

/// Of all together.
const ROOM: usize = 48 << 20;

/// Those that were asked for, by path.
#[derive(Debug, Default)]
pub struct Files(RwLock<Shelf>);

#[derive(Debug, Default)]
struct Shelf {
    by_path: HashMap<Box<str>, Arc<Held>>,
    bytes: usize,
}

impl Files {
    /// The file of this path.
    pub fn find(&self, path: &str) -> Option<Arc<Held>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).by_path.get(path).cloned()
    }

    /// It was read. Of several who read it at once all are given the first.
    pub fn keep(&self, path: &str, file: Arc<Held>) -> Arc<Held> {
        let mut shelf = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(first) = shelf.by_path.get(path) {
            return first.clone();
        }
        let bytes = path.len() + file.bytes();
        if shelf.bytes + bytes > ROOM {
            *shelf = Shelf::default();
        }
        shelf.bytes += bytes;
        shelf.by_path.insert(path.into(), file.clone());
        file
    }
}

#[cfg(test)]
mod tests {
    use axum::{body::Bytes, http::HeaderMap};

    use super::*;

    #[test]
    fn there_is_room_for_so_many_bytes_and_no_more() {
        let (files, large) = (Files::default(), Bytes::from(vec![0; 1 << 20]));
        for number in 0..100 {
            let file = Arc::new(Held::new(HeaderMap::new(), large.clone()));
            files.keep(&format!("/{number}"), file.clone());
            // Once more is no more.
            files.keep(&format!("/{number}"), file);
            let shelf = files.0.read().unwrap();
            assert!(shelf.by_path.len() <= ROOM >> 20 && shelf.bytes <= ROOM);
        }
        assert!(files.find("/99").is_some() && files.find("/0").is_none());
    }
}
