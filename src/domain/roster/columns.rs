//! Which column holds what, by its heading.

use super::{MatchBy, registration, spelling};

/// What a column holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Column {
    /// A person's name.
    Name,
    /// Their birth date.
    Birth,
    /// Their mobile number.
    Phone,
    /// Their mail address.
    Email,
    /// What is the same for all of one household.
    Household,
    /// How many they are.
    HouseholdSize,
    /// Where they live, or an address to read it from.
    Region,
    /// The language of their notices.
    Lang,
    /// A field that a draft declares.
    Field(String),
    /// Nothing of ours.
    Unused,
}

impl Column {
    /// As in reports and on the command line.
    pub fn key(&self) -> &str {
        match self {
            Self::Name => "name",
            Self::Birth => "birth",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Household => "household",
            Self::HouseholdSize => "household_size",
            Self::Region => "region",
            Self::Lang => "lang",
            Self::Field(name) => name,
            Self::Unused => "-",
        }
    }

    /// A column by its key; what is none of ours is a declared field.
    ///
    /// # Errors
    /// A sentence.
    pub fn from_key(key: &str) -> Result<Self, String> {
        let known = [
            Self::Name,
            Self::Birth,
            Self::Phone,
            Self::Email,
            Self::Household,
            Self::HouseholdSize,
            Self::Region,
            Self::Lang,
            Self::Unused,
        ];
        if let Some(column) = known.into_iter().find(|column| column.key() == key) {
            return Ok(column);
        }
        let plain = key.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'));
        match plain && (1..=32).contains(&key.len()) {
            true => Ok(Self::Field(key.to_owned())),
            false => Err(format!("`{key}` cannot name a field: 1 to 32 of a-z, 0-9 and _")),
        }
    }
}

const HEADINGS: &[(Column, &[&str])] = &[
    (Column::Name, &["이름", "성명", "성함", "대상자", "대상자명", "회원명", "name", "fullname"]),
    (
        Column::Birth,
        &["생년월일", "생일", "출생일", "출생일자", "birth", "birthdate", "birthday", "dateofbirth", "dob"],
    ),
    (
        Column::Phone,
        &[
            "휴대전화",
            "휴대전화번호",
            "휴대폰",
            "휴대폰번호",
            "핸드폰",
            "핸드폰번호",
            "전화번호",
            "전화",
            "연락처",
            "phone",
            "phonenumber",
            "mobile",
            "mobilenumber",
            "mobilephone",
            "cellphone",
            "tel",
        ],
    ),
    (
        Column::Email,
        &["이메일", "이메일주소", "전자우편", "전자우편주소", "메일", "email", "emailaddress", "mail"],
    ),
    (
        Column::Household,
        &["세대", "세대번호", "세대id", "세대관리번호", "가구번호", "household", "householdid"],
    ),
    (
        Column::HouseholdSize,
        &["세대원수", "가구원수", "세대인원", "가구원", "세대원", "householdsize", "householdmembers"],
    ),
    (
        Column::Region,
        &[
            "주소",
            "읍면동",
            "지역",
            "행정동",
            "법정동",
            "거주지",
            "거주지역",
            "address",
            "region",
            "district",
            "town",
        ],
    ),
    (Column::Lang, &["언어", "lang", "language"]),
];

/// What offices call categories of people.
const TAG: &[&str] = &["구분", "유형", "분류", "대상구분", "category", "type", "tag"];

/// The columns of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    /// In the order of the file.
    pub columns: Vec<Column>,
    /// By what people are known.
    pub match_by: MatchBy,
}

/// What is wrong with a heading line. Columns are named by number: without headings the first
/// line is a person.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ColumnsError {
    /// Nothing in it is known.
    #[error(
        "no heading in line 1 is known: the first line must name the columns (이름, 생년월일, 휴대전화, 이메일, 주소, \
         세대번호, 세대원수 …); for others say --map HEADING=field"
    )]
    None,
    /// The same heading twice.
    #[error("columns {0} and {1} have the same heading: rename or delete one of them")]
    Twice(usize, usize),
    /// Two columns for one thing.
    #[error(
        "columns {0} and {1} are both taken for `{2}`: give one of them another meaning with --map HEADING=field, or \
         --map HEADING=- to leave it out"
    )]
    Both(usize, usize, String),
    /// A heading that promises registration numbers.
    #[error(
        "column {0} is for resident registration numbers, which jebi never takes: delete that column from the file and \
         import again; nothing was kept"
    )]
    RegistrationNumber(usize),
    /// A `--map` for a heading that is not there.
    #[error("--map names a heading that no column has: {0}")]
    Unmapped(String),
    /// Nothing to know people by.
    #[error("people cannot be matched by {0}: {1}")]
    NoKey(&'static str, &'static str),
}

impl Columns {
    /// Reads a heading line. `maps` are headings with what they mean; `match_by` is chosen by what
    /// is there when nothing is said.
    ///
    /// # Errors
    /// [`ColumnsError`].
    pub fn of(
        headings: &[&str],
        maps: &[(String, Column)],
        match_by: Option<MatchBy>,
    ) -> Result<Self, ColumnsError> {
        let folded: Vec<String> = headings.iter().map(|heading| fold(heading)).collect();
        for (at, heading) in folded.iter().enumerate() {
            if registration::is_heading(heading) {
                return Err(ColumnsError::RegistrationNumber(at + 1));
            }
            let first = folded.iter().position(|other| other == heading && !heading.is_empty());
            if let Some(first) = first.filter(|first| *first < at) {
                return Err(ColumnsError::Twice(first + 1, at + 1));
            }
        }
        let maps: Vec<(String, &Column)> =
            maps.iter().map(|(heading, column)| (fold(heading), column)).collect();
        if let Some((heading, _)) = maps.iter().find(|(heading, _)| !folded.contains(heading)) {
            return Err(ColumnsError::Unmapped(heading.clone()));
        }
        let columns: Vec<Column> = folded
            .iter()
            .map(|heading| match maps.iter().find(|(mapped, _)| mapped == heading) {
                Some((_, column)) => (*column).clone(),
                None => meaning(heading),
            })
            .collect();
        for (at, column) in columns.iter().enumerate().filter(|(_, column)| **column != Column::Unused) {
            let first = columns.iter().position(|other| other == column).unwrap_or(at);
            if first < at {
                return Err(ColumnsError::Both(first + 1, at + 1, column.key().to_owned()));
            }
        }
        let has = |column: &Column| columns.contains(column);
        if columns.iter().all(|column| *column == Column::Unused) {
            return Err(ColumnsError::None);
        }
        let match_by = match_by.unwrap_or(match () {
            () if has(&Column::Phone) => MatchBy::Phone,
            () if has(&Column::Email) => MatchBy::Email,
            () => MatchBy::Name,
        });
        let missing = match match_by {
            MatchBy::Phone => (!has(&Column::Phone)).then_some("there is no column of mobile numbers"),
            MatchBy::Email => (!has(&Column::Email)).then_some("there is no column of mail addresses"),
            MatchBy::Name => (!has(&Column::Name) || !has(&Column::Birth))
                .then_some("there must be a column of names and one of birth dates"),
        };
        match missing {
            Some(missing) => Err(ColumnsError::NoKey(match_by.key(), missing)),
            None => Ok(Self { columns, match_by }),
        }
    }

    /// Numbers of the columns that are not used, from 1.
    pub fn unused(&self) -> Vec<usize> {
        let unused = self.columns.iter().enumerate().filter(|(_, column)| **column == Column::Unused);
        unused.map(|(at, _)| at + 1).collect()
    }
}

fn fold(heading: &str) -> String {
    let tidied = spelling::tidy(heading);
    let plain = tidied.chars().filter(|c| c.is_alphanumeric());
    plain.flat_map(char::to_lowercase).collect()
}

fn meaning(heading: &str) -> Column {
    if TAG.contains(&heading) {
        return Column::Field("tag".to_owned());
    }
    let found = HEADINGS.iter().find(|(_, names)| names.contains(&heading));
    found.map_or(Column::Unused, |(column, _)| column.clone())
}
