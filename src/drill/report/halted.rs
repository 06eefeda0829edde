//! The page of a drill that came to a halt.

use super::{
    Whose, frame,
    text::{both, ending_in_english, plain},
};
use crate::drill::Halted;

/// The page, signed by the key of this name.
pub fn page(halted: &Halted, key: &str, whose: Whose) -> String {
    let drill = &halted.drill;
    let why = &halted.halted;
    let ko = ending_in_english(&format!("까닭: {why}"), why);
    let verdict = format!(
        "<section class=\"failed\"><h2>{}</h2><p>{}</p><p>{}</p></section>",
        both("이 훈련은 도중에 멈추었습니다", "The drill came to a halt"),
        both(&ko, &format!("Why: {}", plain(why))),
        both(
            "그래서 이 회차는 견디지 못했습니다. 실제 회차와 주민에게는 아무 일도 없었습니다. 까닭을 없애고 다시 훈련하십시오.",
            "So the round did not hold. Nothing happened to any real round or resident. Remove the cause, and drill again.",
        )
    );
    frame::page(&drill.title, &[frame::head(drill), verdict, frame::foot(drill, key, whose)])
}
