use proptest::prelude::*;

use super::*;

fn columns(headings: &[&str]) -> Columns {
    Columns::of(headings, &[], None).unwrap()
}

#[test]
fn headings_of_offices_are_known_and_others_are_not_guessed() {
    let read = columns(&[
        "이 름",
        "생년월일",
        "휴대전화 번호",
        "E-Mail",
        "주소",
        "세대번호",
        "세대원수",
        "구분",
        "비고",
        "",
    ]);
    let keys: Vec<&str> = read.columns.iter().map(Column::key).collect();
    assert_eq!(
        keys,
        ["name", "birth", "phone", "email", "region", "household", "household_size", "tag", "-", "-"]
    );
    assert_eq!((read.match_by, read.unused()), (MatchBy::Phone, vec![9, 10]));
    let english = columns(&["Name", "Date of Birth", "Email address"]);
    assert_eq!(english.match_by, MatchBy::Email);
    let maps = [("비고".to_owned(), Column::from_key("note").unwrap())];
    let mapped = Columns::of(&["성명", "생년월일", "비고"], &maps, None).unwrap();
    assert_eq!((mapped.match_by, mapped.columns[2].key()), (MatchBy::Name, "note"));
}

#[test]
fn a_heading_line_that_cannot_be_meant_is_refused() {
    let wrong = |headings: &[&str]| Columns::of(headings, &[], None).unwrap_err();
    assert_eq!(wrong(&["홍길동", "010-1234-5678"]), ColumnsError::None);
    assert_eq!(wrong(&["이름", "전화", " 이름"]), ColumnsError::Twice(1, 3));
    assert_eq!(wrong(&["전화번호", "휴대전화"]), ColumnsError::Both(1, 2, "phone".to_owned()));
    assert_eq!(wrong(&["이름", "주민등록번호"]), ColumnsError::RegistrationNumber(2));
    assert_eq!(
        wrong(&["이름", "주소"]).to_string().split(':').next(),
        Some("people cannot be matched by name")
    );
    let maps = [("없는 열".to_owned(), Column::Name)];
    assert!(matches!(Columns::of(&["전화"], &maps, None), Err(ColumnsError::Unmapped(_))));
}

#[test]
fn the_same_person_is_the_same_however_they_are_spelt() {
    let columns = Columns::of(&["이름", "생년월일", "휴대전화"], &[], Some(MatchBy::Name)).unwrap();
    let key = |name, birth| read(&columns, &[name, birth, ""]).unwrap().key;
    // Whole syllables, decomposed ones, full-width letters and spaces, an invisible mark.
    let whole = key("홍길동", "1960-01-31");
    let decomposed = "\u{1112}\u{1169}\u{11BC}\u{1100}\u{1175}\u{11AF}\u{1103}\u{1169}\u{11BC}";
    for (name, birth) in [
        (decomposed, "1960.1.31"),
        ("홍 길동", "19600131"),
        ("\u{3000}홍길동\u{200B}", "1960년 1월 31일"),
        ("홍길동", "１９６０－０１－３１"),
        ("홍길동", "1960-01-31 00:00:00"),
    ] {
        assert!(key(name, birth) == whole, "{name:?} {birth}");
    }
    assert!(key("홍길동", "1960-01-30") != whole && key("홍길순", "1960-01-31") != whole);
    assert!(key("KIM Ann", "1960-01-31") == key("Ｋｉｍ　ann", "1960/1/31"));

    let columns = Columns::of(&["휴대전화"], &[], None).unwrap();
    let keys = ["010-1234-5678", "01012345678", "1012345678", "+82 10 1234 5678", "０１０ １２３４ ５６７８"]
        .map(|phone| read(&columns, &[phone]).unwrap().key.0);
    assert!(keys.iter().all(|key| key == "phone:+821012345678"), "{keys:?}");
}

#[test]
fn what_is_wrong_with_a_line_is_named_by_column() {
    let columns = columns(&["이름", "생년월일", "휴대전화", "이메일", "주소", "세대원수"]);
    let wrongs = |cells: [&str; 6]| -> Vec<(usize, Reason)> {
        read(&columns, &cells).unwrap_err().iter().map(|wrong| (wrong.column, wrong.reason)).collect()
    };
    let found = wrongs(["홍?동", "600131", "02-123-4567", "a@b", "중앙로 12", "0"]);
    let reasons =
        [Reason::Letters, Reason::Birth, Reason::Phone, Reason::Email, Reason::Region, Reason::Size];
    assert_eq!(
        found,
        reasons.into_iter().enumerate().map(|(at, reason)| (at + 1, reason)).collect::<Vec<_>>()
    );
    assert_eq!(wrongs(["홍길동", "", "", "", "", ""]), [(3, Reason::Missing)]);
    assert_eq!(read(&columns, &["홍길동"]).unwrap_err(), [Wrong { column: 0, reason: Reason::Columns }]);
    // Not needed, and lost all the same: with no household somebody could enter twice.
    assert_eq!(wrongs(["홍길동", "", "010-1234-5678", "", "", "#REF!"]), [(6, Reason::Formula)]);
    let long = "가".repeat(200);
    assert_eq!(wrongs([&long, "", "010-1234-5678", "", "", ""]), [(1, Reason::Long)]);
}

#[test]
fn fields_are_coarse() {
    let columns = columns(&["이름", "생년월일", "휴대전화", "주소", "세대번호", "세대원수", "구분"]);
    let cells = [
        "홍길동",
        "1957-03-04",
        "010-1234-5678",
        "경남 통영시 중앙동 12-3 (101동 202호)",
        "A 12",
        "4명",
        "다자녀",
    ];
    let member = read(&columns, &cells).unwrap();
    let expected = [
        ("birth_year", "1957"),
        ("birth_digit", "7"),
        ("birth_parity", "odd"),
        ("region", "중앙동"),
        ("household", "4"),
        ("tag", "다자녀"),
    ];
    for (name, value) in expected {
        assert_eq!(fields::find(&member.fields, name), Some(value));
    }
    assert_eq!(member.household.as_deref(), Some("a12"));
    assert!(
        !member.fields.contains("03") && !member.fields.contains("12-3") && !member.fields.contains("길동")
    );
    for (address, region) in [
        ("광도면", Some("광도면")),
        ("통영시 광도면 죽림로 1", Some("광도면")),
        ("경남 통영시 항남로 12, 가동 101호 (중앙동, 한라아파트)", Some("중앙동")),
        ("경남 통영시 광도면 죽림로 12, 나동 101호 (죽림동)", Some("광도면")),
        ("통영시 항남로 12 (한라아파트)", None),
        ("경남 통영시 도남동 12-3 (101동 202호)", Some("도남동")),
        ("중앙로 12", None),
        ("101동", None),
    ] {
        assert_eq!(fields::region(address), region, "{address}");
    }
}

#[test]
fn registration_numbers_are_found_wherever_they_stand() {
    let is = |cell: &str| registration::find(&spelling::tidy(cell)).is_some();
    for cell in [
        "900101-1234567",
        "9001011234567",
        "900101 1234567",
        "900101 - 1234567",
        "주민번호: 900101-1234567 (본인)",
        "９００１０１－１２３４５６７",
        "홍길동900101–1234567",
        "a=900101-4234567;b",
        "900101ㅡ1234567",
        "900101ー1234567",
        "900101/1234567",
        "(900101) 1234567",
        "900101, 1234567",
        "900101 -- 1234567",
        "900101_1234567",
        "900101\u{AD}1234567",
        "900101\u{34F}-1234567",
        "19900101-1234567",
        "20100101-4234567",
        "19700101-6234567",
        "90 01 01 - 1234568",
        "9 0 0 1 0 1 1 2 3 4 5 6 8",
        "주민 9001011234567",
    ] {
        assert!(is(cell), "{cell}");
    }
    for cell in [
        "010-1234-5678",
        "+82-10-1234-5678",
        "901301-1234567",
        "900132-1234567",
        "계좌 352-0123-4567-83",
        "900-1011-2345-67",
        "계좌 9001011234560 농협",
        "1234567-900101",
        "900101-12345678",
        "2026-01-01 12:00:00.123",
        "01030123456",
        "19900101 010",
        "101013234568",
        "주문 20261201-0000123 환불 문의",
        "20261201-1000123",
        "19981201-3000123",
    ] {
        assert!(!is(cell), "{cell}");
    }
    // Made by the rule; by itself or not, with a hyphen or without.
    assert_eq!(registration::find("900101-1234568"), Some(registration::Found { checksum: true }));
    assert_eq!(registration::find("900101-1234567"), Some(registration::Found { checksum: false }));
    assert!(is("예금 9001011234568 농협"));
    // As a spreadsheet keeps those of children: a number has no zeros in front.
    for cell in ["010203-3234561", "000115-4234567", "001015-3234567"] {
        let digits: String = cell.chars().filter(char::is_ascii_digit).collect();
        let made = (0..10)
            .map(|last| format!("{}{last}", &digits[..12]))
            .find(|made| registration::find(made).is_some_and(|found| found.checksum));
        let made = made.unwrap();
        assert_eq!(is(made.trim_start_matches('0')), made.trim_start_matches('0').len() > 10, "{made}");
    }
    let columns = columns(&["휴대전화", "앞", "뒤"]);
    let split = read(&columns, &["010-1234-5678", "900101", "1234567"]).unwrap_err();
    assert_eq!(split, [Wrong { column: 2, reason: Reason::RegistrationNumber }]);
    // Also in a column that is not used, and in a line that has too many of them.
    let hidden = read(&columns, &["010-1234-5678", "x", "y", "900101-1234567"]).unwrap_err();
    assert_eq!(hidden, [Wrong { column: 4, reason: Reason::RegistrationNumber }]);
}

proptest! {
    #[test]
    fn nothing_typed_stops_the_reader(cells in proptest::collection::vec(".*", 0..8)) {
        let headings = ["이름", "생년월일", "휴대전화", "이메일", "주소", "세대번호", "세대원수", "구분"];
        let columns = Columns::of(&headings, &[], Some(MatchBy::Name)).unwrap();
        let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
        let _ = read(&columns, &cells);
        let _ = Columns::of(&cells, &[], None);
    }

    #[test]
    fn tidying_twice_changes_nothing(text in ".*") {
        let once = spelling::tidy(&text).into_owned();
        prop_assert_eq!(spelling::tidy(&once).into_owned(), once);
    }

    #[test]
    fn every_date_has_one_reading(days in 0_i32..73_000) {
        let date = chrono::NaiveDate::from_ymd_opt(1900, 1, 1).unwrap() + chrono::TimeDelta::days(days.into());
        for form in ["%Y-%m-%d", "%Y.%m.%d.", "%Y/%m/%d", "%Y%m%d", "%Y년 %m월 %d일", "%Y. %-m. %-d."] {
            prop_assert_eq!(birth::parse(&date.format(form).to_string()), Some(date));
        }
    }

    #[test]
    fn every_number_made_by_the_rule_is_found(front in 0_u32..1_000_000, back in 0_u32..10_000_000) {
        let (month, day) = (front / 100 % 100, front % 100);
        let dated = (1..=12).contains(&month) && (1..=31).contains(&day);
        prop_assert_eq!(registration::find(&format!("{front:06}-{back:07}")).is_some(), dated);
    }
}
