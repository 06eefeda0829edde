//! A file of people who do not exist.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::Path,
};

const FAMILY: [&str; 10] = ["김", "이", "박", "최", "정", "강", "조", "윤", "장", "임"];
const GIVEN: [&str; 12] =
    ["민준", "서연", "도윤", "서윤", "시우", "지우", "하준", "하은", "주원", "지호", "영수", "순자"];
const TOWNS: [&str; 8] = ["중앙동", "광도면", "용남면", "산양읍", "도천동", "봉평동", "미수동", "북신동"];

/// Writes `count` people as an office would export them.
pub fn write(path: &Path, count: u64) {
    let mut file = BufWriter::with_capacity(1 << 20, File::create(path).expect("a file"));
    writeln!(file, "이름,생년월일,휴대전화,읍면동,세대번호,세대원수").expect("written");
    for number in 0..count {
        // Spread over all numbers, so that the file is in no order that helps anybody.
        let mixed = number.wrapping_mul(2_654_435_761) % 100_000_000;
        let of = |list: &[&'static str], by: u64| list[usize::try_from(number / by).unwrap() % list.len()];
        writeln!(
            file,
            "{}{},{}-{:02}-{:02},010-{:04}-{:04},{},H{:07},{}",
            of(&FAMILY, 1),
            of(&GIVEN, 10),
            1940 + number % 70,
            1 + number % 12,
            1 + number % 28,
            mixed / 10_000,
            mixed % 10_000,
            of(&TOWNS, 3),
            number / 3,
            1 + number % 5,
        )
        .expect("written");
    }
    file.into_inner().expect("written").sync_all().expect("synced");
}
