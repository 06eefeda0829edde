#![no_main]

use libfuzzer_sys::fuzz_target;
use public_audit::journal::batch::{self, Batch, Fold};

fuzz_target!(|data: &[u8]| {
    let Ok(batches) = batch::read(data).collect::<Result<Vec<Batch>, _>>() else { return };
    assert_eq!(batches.iter().map(Batch::text).collect::<String>().as_bytes(), data);
    // Both ways of folding agree.
    let (whole, mut counted) = (batch::fold(&batches), Fold::default());
    let steps = batches.iter().try_for_each(|batch| counted.apply(batch));
    assert_eq!(whole.as_ref().map(|there| there.len() as u64), steps.as_ref().map(|()| counted.count()));
    if let Ok(there) = whole {
        let mut expecting = Fold::expecting(there.into_iter().collect());
        assert!(batches.iter().all(|batch| expecting.apply(batch).is_ok()));
        assert_eq!((expecting.missing(), expecting.unexpected()), (None, None));
    }
});
