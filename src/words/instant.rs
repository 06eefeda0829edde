//! Instants as people read them: Korean local time, always with the weekday.
//!
//! Noon and midnight are written so that nobody can mistake the day: `낮 12:00` and `오전 0:00`;
//! English uses the 24-hour clock.

use chrono::{DateTime, Datelike, NaiveDateTime, TimeDelta, Timelike, Utc, Weekday};
use chrono_tz::Asia::Seoul;

use super::Lang;

/// The English names of months.
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// `12월 2일(수) 오전 10:20` or `Wed 2 December, 10:20`.
pub fn minute(at: DateTime<Utc>, lang: Lang) -> String {
    match lang {
        Lang::Ko | Lang::KoSimple => format!("{} {}", date(at, lang), clock(at, lang)),
        Lang::En => format!("{}, {}", date(at, lang), clock(at, lang)),
    }
}

/// `12월 2일(수)` or `Wed 2 December`.
pub fn date(at: DateTime<Utc>, lang: Lang) -> String {
    let local = local(at);
    match lang {
        Lang::Ko | Lang::KoSimple => {
            format!("{}월 {}일({})", local.month(), local.day(), weekday(local, lang))
        }
        Lang::En => format!("{} {} {}", weekday(local, lang), local.day(), month(local)),
    }
}

/// The date with its year, for what stays true for long: `2027년 3월 1일(월)` or `Mon 1 March 2027`.
pub fn long_date(at: DateTime<Utc>, lang: Lang) -> String {
    match lang {
        Lang::Ko | Lang::KoSimple => format!("{}년 {}", local(at).year(), date(at, lang)),
        Lang::En => format!("{} {}", date(at, lang), local(at).year()),
    }
}

/// `오전 10:20` or `10:20`.
pub fn clock(at: DateTime<Utc>, lang: Lang) -> String {
    let local = local(at);
    let (hour, minute) = (local.hour(), local.minute());
    match (lang, hour) {
        (Lang::En, _) => format!("{hour:02}:{minute:02}"),
        (_, 0..12) => format!("오전 {hour}:{minute:02}"),
        (_, 12) => format!("낮 12:{minute:02}"),
        (_, _) => format!("오후 {}:{minute:02}", hour - 12),
    }
}

/// A stretch of time; the second date is left out when it is the same day.
pub fn span(from: DateTime<Utc>, until: DateTime<Utc>, lang: Lang) -> String {
    let end =
        if local(from).date() == local(until).date() { clock(until, lang) } else { minute(until, lang) };
    match lang {
        Lang::Ko | Lang::KoSimple => format!("{}부터 {end}까지", minute(from, lang)),
        Lang::En => format!("{} to {end}", minute(from, lang)),
    }
}

/// `3분`, `4시간 30분`, `2일`, or `3 minutes`, `4 hours 30 minutes`, `2 days`. Seconds are dropped, days are exact or absent.
pub fn duration(length: TimeDelta, lang: Lang) -> String {
    let minutes = length.num_minutes().max(0);
    let (days, hours, rest) = (minutes / 1_440, minutes % 1_440 / 60, minutes % 60);
    let parts = [(days, "일", "day"), (hours, "시간", "hour"), (rest, "분", "minute")];
    let words: Vec<String> = parts
        .into_iter()
        .filter(|(count, _, name)| *count > 0 || (minutes == 0 && *name == "minute"))
        .map(|(count, korean, english)| match lang {
            Lang::Ko | Lang::KoSimple => format!("{count}{korean}"),
            Lang::En if count == 1 => format!("{count} {english}"),
            Lang::En => format!("{count} {english}s"),
        })
        .collect();
    words.join(" ")
}

/// How long to wait, never shorter than it is: to five minutes, from an hour on to ten, from three hours on to hours.
pub fn roughly(length: TimeDelta, lang: Lang) -> String {
    let minutes = (length.num_seconds().max(1) + 59) / 60;
    let step = match minutes {
        ..=60 => 5,
        61..=180 => 10,
        181.. => 60,
    };
    duration(TimeDelta::minutes((minutes + step - 1) / step * step), lang)
}

/// For the `datetime` attribute of `<time>`: `2026-12-02T10:20+09:00`.
pub fn machine(at: DateTime<Utc>) -> String {
    at.with_timezone(&Seoul).format("%Y-%m-%dT%H:%M%:z").to_string()
}

fn local(at: DateTime<Utc>) -> NaiveDateTime {
    at.with_timezone(&Seoul).naive_local()
}

fn month(local: NaiveDateTime) -> &'static str {
    MONTHS.get(local.month0() as usize).copied().unwrap_or_default()
}

fn weekday(local: NaiveDateTime, lang: Lang) -> &'static str {
    let (korean, english) = match local.weekday() {
        Weekday::Mon => ("월", "Mon"),
        Weekday::Tue => ("화", "Tue"),
        Weekday::Wed => ("수", "Wed"),
        Weekday::Thu => ("목", "Thu"),
        Weekday::Fri => ("금", "Fri"),
        Weekday::Sat => ("토", "Sat"),
        Weekday::Sun => ("일", "Sun"),
    };
    match lang {
        Lang::Ko | Lang::KoSimple => korean,
        Lang::En => english,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap_or_default()
    }

    #[test]
    fn instants_are_local_and_carry_the_weekday() {
        let morning = at("2026-12-02T01:20:40Z");
        assert_eq!(minute(morning, Lang::Ko), "12월 2일(수) 오전 10:20");
        assert_eq!(minute(morning, Lang::En), "Wed 2 December, 10:20");
        assert_eq!(long_date(morning, Lang::Ko), "2026년 12월 2일(수)");
        assert_eq!(long_date(morning, Lang::En), "Wed 2 December 2026");
        assert_eq!(machine(morning), "2026-12-02T10:20+09:00");
        // 15:00 UTC is already the next day in Seoul.
        assert_eq!(date(at("2026-12-31T15:00:00Z"), Lang::Ko), "1월 1일(금)");
    }

    #[test]
    fn noon_and_midnight_cannot_be_mistaken() {
        assert_eq!(clock(at("2026-12-02T03:00:00Z"), Lang::Ko), "낮 12:00");
        assert_eq!(clock(at("2026-12-02T15:00:00Z"), Lang::Ko), "오전 0:00");
        assert_eq!(clock(at("2026-12-02T09:05:00Z"), Lang::Ko), "오후 6:05");
        assert_eq!(clock(at("2026-12-02T15:00:00Z"), Lang::En), "00:00");
    }

    #[test]
    fn a_span_names_the_second_date_only_when_it_differs() {
        let from = at("2026-12-02T01:20:00Z");
        assert_eq!(
            span(from, at("2026-12-02T05:20:00Z"), Lang::Ko),
            "12월 2일(수) 오전 10:20부터 오후 2:20까지"
        );
        assert_eq!(
            span(from, at("2026-12-03T09:00:00Z"), Lang::En),
            "Wed 2 December, 10:20 to Thu 3 December, 18:00"
        );
    }

    #[test]
    fn durations_are_words() {
        assert_eq!(duration(TimeDelta::minutes(3), Lang::Ko), "3분");
        assert_eq!(duration(TimeDelta::minutes(270), Lang::En), "4 hours 30 minutes");
        assert_eq!(duration(TimeDelta::days(1), Lang::En), "1 day");
        assert_eq!(duration(TimeDelta::seconds(20), Lang::Ko), "0분");
    }

    #[test]
    fn a_wait_is_rounded_up() {
        let roughly = |seconds| roughly(TimeDelta::seconds(seconds), Lang::Ko);
        assert_eq!([roughly(-5), roughly(300), roughly(301)], ["5분", "5분", "10분"]);
        assert_eq!([roughly(3_600), roughly(3_601)], ["1시간", "1시간 10분"]);
        assert_eq!([roughly(10_801), roughly(86_400)], ["4시간", "1일"]);
    }
}
