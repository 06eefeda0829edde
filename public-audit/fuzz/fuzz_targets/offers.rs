#![no_main]

use libfuzzer_sys::fuzz_target;
use public_audit::after::{self, Course, Offer};
use public_audit::seed::SeedInput;
use public_audit::{Pool, Rules};

fuzz_target!(|data: &[u8]| {
    let Ok(offers) = after::read(data).collect::<Result<Vec<Offer>, _>>() else { return };
    assert_eq!(offers.iter().map(Offer::to_text).collect::<String>().as_bytes(), data);
    // Whatever is said of the people of the example, nothing falls over, and money and seats stay within.
    let rules = Rules::parse(include_bytes!("../../example-after/rules.json")).unwrap();
    let pool = Pool::parse(&rules, include_bytes!("../../example-after/pool.txt")).unwrap();
    let seed = SeedInput::parse(include_str!("../../example-after/seed-input.txt")).unwrap();
    let mut course = Course::new(&rules, &pool, &seed.draw_seed()).unwrap();
    for offer in &offers {
        course.shift(rules.times.results_at.plus(offer.number), offer.number);
        let _ = course.offer(&offer.facts);
        assert!(course.free() <= rules.goods.budget);
        assert!(course.free_places().iter().sum::<u64>() <= 5);
    }
});
