//! What is wrong with a line, and what to do, in both languages. Never the value itself.

/// What is wrong with a cell or a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// A cell that must not be empty is.
    Missing,
    /// Not a Korean mobile number.
    Phone,
    /// Not a mail address.
    Email,
    /// Not a date, or with two digits of the year.
    Birth,
    /// Letters were lost on the way into the file.
    Letters,
    /// What a spreadsheet writes where a formula has failed.
    Formula,
    /// Longer than anybody's.
    Long,
    /// An address without 읍, 면 or 동.
    Region,
    /// Not a number of people.
    Size,
    /// Another number of columns than in line 1.
    Columns,
    /// The same person, word for word, on an earlier line.
    Twice,
    /// The same person on an earlier line, with other particulars.
    Differs,
    /// A resident registration number.
    RegistrationNumber,
}

impl Reason {
    /// What is wrong and what to do: Korean, then English.
    pub fn words(self) -> [(&'static str, &'static str); 2] {
        match self {
            Self::Missing => [
                ("비어 있습니다", "값을 채우거나 이 줄을 지우십시오"),
                ("is empty", "fill it in, or delete the line"),
            ],
            Self::Phone => [
                ("휴대전화 번호가 아닙니다", "010으로 시작하는 번호로 고치십시오"),
                ("is not a mobile number", "write it like 010-1234-5678"),
            ],
            Self::Email => [
                ("이메일 주소가 아닙니다", "name@example.org 모양으로 고치십시오"),
                ("is not a mail address", "write it like name@example.org"),
            ],
            Self::Birth => [
                ("생년월일을 읽을 수 없습니다", "연도 네 자리를 넣어 1960-01-31처럼 쓰십시오"),
                ("is not a birth date", "write it like 1960-01-31, with four digits of the year"),
            ],
            Self::Letters => [
                ("글자가 깨졌습니다", "원본에서 UTF-8로 다시 내보내십시오"),
                ("has lost letters", "export it again from its source, as UTF-8"),
            ],
            Self::Formula => [
                ("수식 오류입니다", "원본에서 값을 고쳐 다시 내보내십시오"),
                ("is a formula that failed", "mend it in its source and export it again"),
            ],
            Self::Long => [
                ("너무 깁니다", "줄이거나 열을 확인하십시오"),
                ("is too long", "shorten it, or look at the columns"),
            ],
            Self::Region => [
                ("읍·면·동을 읽을 수 없습니다", "읍·면·동 열을 따로 만드십시오"),
                ("names no town (읍·면·동)", "give the town in a column of its own"),
            ],
            Self::Size => [
                ("세대원수가 아닙니다", "1에서 99 사이의 숫자로 쓰십시오"),
                ("is not a number of people", "write a number from 1 to 99"),
            ],
            Self::Columns => [
                ("열의 수가 첫 줄과 다릅니다", "쉼표나 따옴표를 확인하십시오"),
                ("has another number of columns than line 1", "look for stray commas or quotation marks"),
            ],
            Self::Twice => [
                ("앞줄에 같은 사람이 있습니다", "한 번만 넣습니다. 고칠 것은 없습니다"),
                ("is on an earlier line already", "counted once; nothing needs to be done"),
            ],
            Self::Differs => [
                ("앞줄에 같은 사람이 다른 내용으로 있습니다", "어느 줄이 맞는지 정하고 다른 줄을 지우십시오"),
                (
                    "is on an earlier line with other particulars",
                    "decide which is right and delete the other",
                ),
            ],
            Self::RegistrationNumber => [
                ("주민등록번호가 있습니다", "파일에서 지우십시오. 제비는 주민등록번호를 받지 않습니다"),
                ("holds a resident registration number", "delete it from the file; jebi never takes any"),
            ],
        }
    }

    /// Whether a line may stay as it is: it changes nothing.
    pub fn is_harmless(self) -> bool {
        self == Self::Twice
    }
}
