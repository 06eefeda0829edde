//! Headings and values of tables that staff take away, in Korean and English. Whoever opens the file has no page
//! around it that explains a key.

use i18n_embed_fl::fl;

use crate::{
    app::Round,
    domain::who::{Field, Kind},
    words::Lang,
};

/// A heading in both languages.
#[derive(Clone, Copy, Debug)]
pub struct Head(pub &'static str, pub &'static str);

impl Head {
    /// In the reader's language.
    pub fn text(self, lang: Lang) -> String {
        if lang.is_korean() { self.0 } else { self.1 }.to_owned()
    }
}

/// Of entries.
pub const ENTERED: [Head; 10] = [
    Head("접수번호", "receipt"),
    Head("함께 신청한 접수번호", "joint entry"),
    Head("인원", "people"),
    Head("희망 금액(원)", "wanted (won)"),
    Head("제비 수", "lots"),
    Head("희망 시간대", "wish"),
    Head("발송 수단", "channel"),
    Head("언어", "language"),
    Head("신청한 때", "entered at"),
    Head("취소한 때", "withdrawn at"),
];
/// Of what was drawn, and what has become of it.
pub const RESULT: [Head; 9] = [
    Head("순번", "rank"),
    Head("추첨 결과", "drawn"),
    Head("추첨된 시작 시각", "drawn start"),
    Head("현재 상태", "stands"),
    Head("시작 시각", "starts at"),
    Head("구매 기한", "until"),
    Head("배정 금액(원)", "amount (won)"),
    Head("구매 금액(원)", "bought (won)"),
    Head("구매한 때", "bought at"),
];
/// Of addresses.
pub const CONTACTS: [Head; 4] = [
    Head("접수번호", "receipt"),
    Head("언어", "language"),
    Head("발송 수단", "channel"),
    Head("연락처", "address"),
];
/// Of purchases.
pub const PURCHASES: [Head; 4] = [
    Head("접수번호", "receipt"),
    Head("금액(원)", "amount (won)"),
    Head("구매한 때", "at"),
    Head("출처", "source"),
];
/// Of reservations.
pub const RESERVATIONS: [Head; 9] = [
    Head("접수번호", "receipt"),
    Head("판매처", "seller"),
    Head("금액(원)", "amount (won)"),
    Head("인원", "people"),
    Head("상태", "state"),
    Head("판매처 번호", "reference"),
    Head("잡은 때", "made at"),
    Head("기한", "until"),
    Head("끝난 때", "settled at"),
];
/// Of the ledger.
pub const LEDGER: [Head; 6] = [
    Head("계정", "account"),
    Head("단위", "unit"),
    Head("한도", "most"),
    Head("결제 중", "held"),
    Head("구매 완료", "redeemed"),
    Head("남음", "left"),
];
/// Of notices.
pub const NOTICES: [Head; 8] = [
    Head("접수번호", "receipt"),
    Head("알림", "reason"),
    Head("몇 번째", "version"),
    Head("발송 수단", "channel"),
    Head("계획한 때", "planned at"),
    Head("보낼 때", "due at"),
    Head("상태", "state"),
    Head("끝난 때", "ended at"),
];
/// Of the access log.
pub const ACCESS: [Head; 6] = [
    Head("때", "at"),
    Head("담당자", "who"),
    Head("한 일", "what"),
    Head("대상", "about"),
    Head("접속 주소", "address"),
    Head("이유", "reason"),
];

/// The question a field answers.
pub fn field(field: &Field, lang: Lang) -> String {
    let (l, own) = (lang.loader(), if lang.is_korean() { &field.ko } else { &field.en });
    match field.kind {
        _ if !own.is_empty() => own.clone(),
        Kind::BirthDigit => fl!(l, "field-birth-digit"),
        Kind::BirthParity => fl!(l, "field-birth-parity"),
        Kind::AgeBand => fl!(l, "field-age-band"),
        Kind::Household => fl!(l, "field-household"),
        Kind::Choice => field.name.clone(),
    }
}

/// A value of a field: its own words, or as the pool line has it.
pub fn value(round: &Round, name: &str, value: &str, lang: Lang) -> String {
    let known = round.who.field(name).and_then(|field| field.values.iter().find(|one| one.name == value));
    let own = known.map(|known| if lang.is_korean() { known.ko.as_str() } else { known.en.as_str() });
    own.filter(|own| !own.is_empty()).unwrap_or(value).to_owned()
}

/// A word of a small table, or the key itself.
fn word(key: &str, lang: Lang, known: &[(&str, &str)]) -> String {
    let korean = known.iter().find(|(known, _)| *known == key && lang.is_korean());
    korean.map_or(key, |(_, korean)| korean).to_owned()
}

/// How somebody is told things.
pub fn channel(key: &str, lang: Lang) -> String {
    let key = if key.is_empty() { "letter" } else { key };
    word(key, lang, &[("email", "이메일"), ("sms", "문자"), ("letter", "우편")])
}

/// Where an entry stands.
pub fn outcome(key: &str, lang: Lang) -> String {
    word(
        key,
        lang,
        &[
            ("entered", "신청"),
            ("assigned", "배정"),
            ("waitlisted", "예비"),
            ("done", "구매 완료"),
            ("missed", "기한 지남"),
            ("lapsed", "종료(넘어감)"),
            ("returned", "종료(반납)"),
            ("ineligible", "종료(자격 없음)"),
            ("ended", "종료"),
            ("withdrawn", "취소"),
            ("other", "그 밖"),
        ],
    )
}

/// What has become of a reservation.
pub fn reservation_state(key: &str, lang: Lang) -> String {
    word(
        key,
        lang,
        &[
            ("held", "결제 중"),
            ("redeemed", "구매 완료"),
            ("released", "취소"),
            ("failed", "결제 실패"),
            ("expired", "시간 지남"),
        ],
    )
}

/// What has become of a notice.
pub fn notice_state(key: &str, lang: Lang) -> String {
    word(
        key,
        lang,
        &[
            ("planned", "예정"),
            ("sending", "보내는 중"),
            ("accepted", "보냄"),
            ("printed", "인쇄함"),
            ("rejected", "거절됨"),
            ("undelivered", "도착하지 않음"),
            ("unknown", "확인 중"),
            ("unresolved", "알 수 없음"),
            ("expired", "때가 지나 보내지 않음"),
        ],
    )
}

/// What a notice is about.
pub fn notice_reason(key: &str, lang: Lang) -> String {
    word(
        key,
        lang,
        &[
            ("entered", "신청 확인"),
            ("withdrawn", "취소 확인"),
            ("readdressed", "연락처 변경 안내"),
            ("sealed", "봉인 안내"),
            ("result", "결과 안내"),
            ("voided", "무효 안내"),
            ("caught_up", "두 번째 시간"),
            ("offered", "추가 안내"),
            ("lapsed", "넘어감 안내"),
            ("shifted", "시간 변경"),
            ("returned", "반납 확인"),
            ("ended", "종료 안내"),
            ("struck", "명부에서 뺌 안내"),
        ],
    )
}
