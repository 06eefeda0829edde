use std::{
    env,
    fs::{self, File},
    io::Write,
    path::PathBuf,
    process::Command,
    sync::Arc,
};

use proptest::prelude::*;
use tempfile::TempDir;

use super::{
    FileError, Import,
    import::{Checked, ImportError, Progress, Summary, check},
};
use crate::{domain::roster::Reason, secret::Keys};

mod spreadsheets;

fn quiet() -> Progress {
    Arc::new(|_, _, _| {})
}

fn checked(folder: &TempDir, bytes: &[u8]) -> Result<Checked, ImportError> {
    let file = folder.path().join("list.csv");
    fs::write(&file, bytes).unwrap();
    checked_file(folder, file)
}

fn checked_file(folder: &TempDir, file: PathBuf) -> Result<Checked, ImportError> {
    let import = Import {
        name: "list".to_owned(),
        file,
        maps: Vec::new(),
        match_by: None,
        leave_out: false,
        resume: false,
    };
    let keys = Keys::from_root(&[1; 32]);
    check(&keys, &import, folder.path().join("spool"), true, &quiet())
}

fn summary(bytes: &[u8]) -> Summary {
    checked(&tempfile::tempdir().unwrap(), bytes).unwrap_or_else(|error| panic!("{error}")).summary
}

fn refused(bytes: &[u8]) -> FileError {
    match checked(&tempfile::tempdir().unwrap(), bytes) {
        Err(ImportError::File(error)) => error,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("it was taken"),
    }
}

const TEXT: &str = "이름,휴대전화,주소\n홍길동,010-1234-5678,중앙동\n김철수,010-1234-5679,광도면\n";

fn utf16(text: &str, little: bool) -> Vec<u8> {
    let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
    units.flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
}

fn cp949(text: &str) -> Vec<u8> {
    let (bytes, _, lost) = encoding_rs::EUC_KR.encode(text);
    assert!(!lost, "the test itself lost a letter");
    bytes.into_owned()
}

#[test]
fn every_encoding_gives_the_same_people() {
    let folder = tempfile::tempdir().unwrap();
    let people = |bytes: &[u8]| {
        let checked = checked(&folder, bytes).unwrap();
        let mut people: Vec<([u8; 16], String)> = Vec::new();
        for part in 0..super::spool::PARTS {
            people.extend(checked.spool().part(part).unwrap().into_iter().map(|one| (one.key, one.fields)));
        }
        (people, checked.summary.looked.name())
    };
    let (plain, _) = people(TEXT.as_bytes());
    assert_eq!(plain.len(), 2);
    let marked = format!("\u{FEFF}{TEXT}");
    let decomposed: String = unicode_normalization::UnicodeNormalization::nfd(TEXT).collect();
    for (bytes, name) in [
        (TEXT.as_bytes().to_vec(), "UTF-8"),
        (marked.into_bytes(), "UTF-8"),
        (decomposed.into_bytes(), "UTF-8"),
        (utf16(TEXT, true), "UTF-16LE"),
        (utf16(TEXT, false), "UTF-16BE"),
        (cp949(TEXT), "CP949 (EUC-KR)"),
        (TEXT.replace('\n', "\r\n").into_bytes(), "UTF-8"),
        (TEXT.replace('\n', "\r").into_bytes(), "UTF-8"),
        (TEXT.replace(',', "\t").into_bytes(), "UTF-8"),
        (TEXT.replace(',', ";").into_bytes(), "UTF-8"),
        (TEXT.trim_end().as_bytes().to_vec(), "UTF-8"),
        (TEXT.replace('\n', "\n\n").into_bytes(), "UTF-8"),
    ] {
        let (same, encoding) = people(&bytes);
        assert!(same == plain && encoding == name, "{encoding}, {name}");
    }
}

#[test]
fn all_syllables_survive_cp949() {
    // Each of the 11,172 in a name of its own, and read back from the fields.
    let syllables: Vec<char> = ('가'..='힣').collect();
    assert_eq!(syllables.len(), 11_172);
    let mut text = "구분,휴대전화\n".to_owned();
    for (number, syllable) in syllables.iter().enumerate() {
        text.push_str(&format!("{syllable},010-{:04}-{:04}\n", number / 10_000, number % 10_000));
    }
    let folder = tempfile::tempdir().unwrap();
    let checked = checked(&folder, &cp949(&text)).unwrap();
    assert_eq!(checked.summary.looked.name(), "CP949 (EUC-KR)");
    assert!(checked.summary.report.is_empty());
    let mut read: Vec<char> = Vec::new();
    for part in 0..super::spool::PARTS {
        read.extend(
            checked.spool().part(part).unwrap().iter().filter_map(|one| one.fields.trim_end().chars().last()),
        );
    }
    read.sort_unstable();
    assert_eq!(read, syllables);
}

/// One in some ten thousand names is, byte by byte, also UTF-8: a list of a whole town has one.
#[test]
fn names_that_could_be_utf8_are_taken_for_what_they_are() {
    for name in ["황철호", "천창호", "표창환", "황치호황철호"] {
        let bytes = cp949(&format!("이름,전화\n홍길동,010-1234-5678\n{name},010-1234-5679\n"));
        assert!(std::str::from_utf8(&cp949(name)).is_ok(), "{name} shows nothing");
        let summary = summary(&bytes);
        assert_eq!((summary.looked.name(), summary.people), ("CP949 (EUC-KR)", 2), "{name}");
    }
}

#[test]
fn mixed_and_lost_letters_are_refused_with_line_and_byte() {
    let place = |error: FileError| match error {
        FileError::Encoding { line, byte, .. } | FileError::Mojibake { line, byte } => (line, byte),
        other => panic!("{other}"),
    };
    let good = "이름,전화\n홍길동,010-1234-5678\n";
    // CP949 in UTF-8, and the other way round.
    let mixed = [good.as_bytes(), &cp949("김철수"), b",010-1234-5679\n"].concat();
    assert_eq!(place(refused(&mixed)), (3, good.len() as u64 + 1));
    let mixed = [&cp949(good)[..], "김철수".as_bytes(), b",010-1234-5679\n"].concat();
    assert_eq!(place(refused(&mixed)).0, 3);
    // Half a letter at the end, a byte that no text has, UTF-8 that was opened as Latin-1 and saved.
    assert_eq!(place(refused(&[good.as_bytes(), &"홍".as_bytes()[..2]].concat())).0, 3);
    assert_eq!(place(refused(&[&cp949(good)[..], &[0xFF, 0xFF, b'\n']].concat())).0, 3);
    let latin: String = "김철수".bytes().map(char::from).collect();
    assert_eq!(place(refused(format!("{good}{latin},010-1234-5679\n").as_bytes())).0, 3);
    assert_eq!(place(refused(format!("{good}\u{FFFD}철수,010-1234-5679\n").as_bytes())).0, 3);
    assert_eq!(place(refused(format!("{good}占쏙옙,010-1234-5679\n").as_bytes())).0, 3);
    // Half of a pair in UTF-16.
    let mut half = utf16(good, true);
    half.extend([0x00, 0xD8, 0x2C, 0x00]);
    assert_eq!(place(refused(&half)).0, 3);
}

#[test]
fn hostile_files_are_refused_with_a_sentence() {
    let head = "이름,전화\n";
    let said = |text: &str| refused(text.as_bytes()).to_string();
    assert!(said("").contains("empty"));
    assert!(matches!(refused(b"\xD0\xCF\x11\xE0\xA1\xB1"), FileError::Kind(_)));
    assert!(matches!(refused(b"%PDF-1.7"), FileError::Kind("PDF")));
    assert!(matches!(
        refused(format!("{head}홍\0길동,010-1234-5678\n").as_bytes()),
        FileError::Nul { line: 2, .. }
    ));
    assert!(matches!(refused(&utf16(TEXT, true)[2..]), FileError::Nul { .. } | FileError::Encoding { .. }));
    assert!(said(&format!("{head}{}", "가".repeat(100_000))).contains("line 2: longer than"));
    assert!(
        said(&format!("{head}\"홍길동,010-1234-5678\n김철수,010-1234-5679\n")).contains("quotation mark")
    );
    let many: String = (0..100).map(|n| format!("김{n},010-1234-{n:04}\n")).collect();
    assert!(said(&format!("{head}홍길동,\"010-1234-5678\n{many}")).contains("line 2: a quotation mark"));
    let wide = vec!["x"; 100_000].join(",");
    assert!(said(&format!("{wide}\n")).contains("columns"));
    assert!(said("홍길동,010-1234-5678\n").contains("no heading in line 1"));
    assert!(said("이름,이름,전화\n").contains("columns 1 and 2"));
    // What it says names places, never what stands there.
    for text in [format!("{head}\"비밀,010-1234-5678\n"), "비밀,010-1234-5678\n".to_owned()] {
        assert!(!said(&text).contains("비밀") && !said(&text).contains("5678"));
    }
}

/// Peak memory of this process, in bytes.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1024
}

/// Peak memory is that of a whole process, and other tests run beside this one: it is run once more in one of its own.
#[test]
fn a_line_of_a_hundred_megabytes_costs_no_memory() {
    const ALONE: &str = "JEBI_TEST_ALONE";
    if env::var_os(ALONE).is_none() {
        let name = "roster::tests::a_line_of_a_hundred_megabytes_costs_no_memory";
        let mut alone = Command::new(env::current_exe().unwrap());
        let alone = alone.args(["--exact", name, "--nocapture"]).env(ALONE, "1").output().unwrap();
        let said = String::from_utf8_lossy(&alone.stdout);
        assert!(
            alone.status.success() && said.contains("1 passed"),
            "{said}{}",
            String::from_utf8_lossy(&alone.stderr)
        );
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("long.csv");
    let mut file = File::create(&path).unwrap();
    file.write_all("이름,전화\n".as_bytes()).unwrap();
    let piece = "가".repeat(1 << 18);
    for _ in 0..130 {
        file.write_all(piece.as_bytes()).unwrap();
    }
    file.sync_all().unwrap();
    let before = peak();
    let error = checked_file(&folder, path).map(drop).unwrap_err().to_string();
    assert!(error.starts_with("line 2: longer than 65536 bytes"), "{error}");
    let more = peak() - before;
    // The spool's buffers are as large for any file; this one is 100 MB.
    assert!(more < 32 << 20, "{more} bytes more");
}

#[test]
fn doubles_are_found_across_spellings_and_told_apart_from_contradictions() {
    let text = "이름,휴대전화,주소\n홍길동,010-1234-5678,중앙동\n홍 길동,+82 10 1234 5678,통영시 중앙동\n\
                홍길동,01012345678,광도면\n김철수,010-1234-5679,\n";
    let summary = summary(text.as_bytes());
    assert_eq!((summary.lines, summary.people), (4, 2));
    let counts = summary.report.counts();
    assert_eq!((counts[&Reason::Twice], counts[&Reason::Differs]), (1, 1));
    assert_eq!(summary.report.first(Reason::Differs, 9), [4]);
    assert!(summary.refusal(false).is_some() && summary.refusal(true).is_none());
    let harmless = "전화\n010-1234-5678\n01012345678\n";
    assert!(self::summary(harmless.as_bytes()).refusal(false).is_none());
}

#[test]
fn a_registration_number_refuses_the_file_whatever_else_is_said() {
    let text = "이름,전화,비고\n홍길동,010-1234-5678,\n김철수,010-1234-5679,본인 900101-1234567\n";
    let summary = summary(text.as_bytes());
    let refusal = summary.refusal(true).unwrap();
    assert!(refusal.contains("lines 3;") && !refusal.contains("900101"), "{refusal}");
}

#[test]
fn the_report_names_places_and_never_what_stands_there() {
    let text = "이름,전화,생년월일\n=비밀,010-9876-543,580203\n홍길동,010-1234-5678,1960-01-01\n";
    let folder = tempfile::tempdir().unwrap();
    let summary = checked(&folder, text.as_bytes()).unwrap().summary;
    let path = folder.path().join("report.csv");
    summary.report.write(&path, &summary.columns).unwrap();
    let report = fs::read_to_string(path).unwrap();
    assert!(report.starts_with('\u{FEFF}') && report.lines().count() == 3, "{report}");
    assert!(report.contains("2,2,phone,휴대전화 번호가 아닙니다"), "{report}");
    for secret in ["비밀", "9876", "580203"] {
        assert!(!report.contains(secret), "{secret} in {report}");
    }
}

#[test]
fn nothing_is_left_of_a_spool() {
    let folder = tempfile::tempdir().unwrap();
    let checked = checked(&folder, TEXT.as_bytes()).unwrap();
    assert!(folder.path().join("spool").exists());
    drop(checked);
    assert!(!folder.path().join("spool").exists());
}

/// The second would throw away what the first has read, and the first would go on with nobody in it.
#[test]
fn two_imports_of_one_roster_do_not_share_a_spool() {
    let folder = tempfile::tempdir().unwrap();
    let first = checked(&folder, TEXT.as_bytes()).unwrap();
    assert!(matches!(checked(&folder, TEXT.as_bytes()), Err(ImportError::File(FileError::Busy))));
    let read = |checked: &Checked| -> usize {
        (0..super::spool::PARTS).map(|part| checked.spool().part(part).unwrap().len()).sum()
    };
    assert_eq!(read(&first), 2);
    // And a part that is gone is not an empty one.
    fs::remove_dir_all(folder.path().join("spool")).unwrap();
    assert!((0..super::spool::PARTS).any(|part| first.spool().part(part).is_err()));
    drop(first);
    assert!(checked(&folder, TEXT.as_bytes()).is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn no_bytes_whatever_stop_the_import(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        let folder = tempfile::tempdir().unwrap();
        let _ = checked(&folder, &bytes);
        let _ = checked(&folder, &[&b"PK\x03\x04"[..], &bytes].concat());
        let _ = checked(&folder, &["이름,전화\n".as_bytes(), &bytes].concat());
    }

    /// What a careful program writes is read back cell by cell, wherever pieces are cut.
    #[test]
    fn quoted_cells_come_back(cells in proptest::collection::vec("[가-힣a-z,\"]{1,12}", 1..40)) {
        let mut text = "구분,전화\n".to_owned();
        for (number, cell) in cells.iter().enumerate() {
            text.push_str(&format!("\"{}\",010-1234-{number:04}\n", cell.replace('"', "\"\"")));
        }
        let folder = tempfile::tempdir().unwrap();
        let checked = checked(&folder, text.as_bytes()).unwrap();
        let mut read: Vec<(u64, String)> = Vec::new();
        for part in 0..super::spool::PARTS {
            for one in checked.spool().part(part).unwrap() {
                read.push((one.line, one.fields.trim_end().trim_start_matches("tag=").to_owned()));
            }
        }
        read.sort();
        let read: Vec<String> = read.into_iter().map(|(_, cell)| cell).collect();
        prop_assert_eq!(read, cells);
    }
}
