//! Whether a figure of a forecast has an interval: one rule for whoever prints one, so that a terminal and the console say
//! the same of the same figures.
//!
//! It has one if whoever reads both ends sees that they differ. Where they do not, an interval of width nothing would say
//! that it is certain, though what moves it may be too little to be printed, or not known at all. That it is not known is
//! said in words ([`Show::is_assumed`]).

use super::{Between, Forecast, Show, number};

/// Both ends as they are printed.
fn interval(low: f64, high: f64) -> Option<[String; 2]> {
    let ends = [number(low), number(high)];
    (ends[0] != ends[1]).then_some(ends)
}

impl Between {
    /// Between which loads, as they are printed.
    pub fn interval(&self) -> Option<[String; 2]> {
        interval(self.low, self.high)
    }
}

impl Show {
    /// Between which percents of those with a place, as they are printed.
    pub fn interval(&self) -> Option<[String; 2]> {
        interval(self.low * 100.0, self.high * 100.0)
    }
}

impl Forecast {
    /// Between how many people; they are printed to the last one.
    pub fn interval(&self) -> Option<[u64; 2]> {
        (self.low != self.high).then_some([self.low, self.high])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_alike_is_no_interval() {
        let ends = |low: &str, high: &str| Some([low.to_owned(), high.to_owned()]);
        assert_eq!(interval(20.4, 20.6), ends("20.4", "20.6"));
        assert_eq!(interval(20.46, 20.54), None, "both are 20.5");
        assert_eq!(interval(1_000.4, 1_000.6), ends("1,000", "1,001"));
        assert_eq!(interval(1_000.6, 1_001.4), None);
        let show = |low, high| Show { rounds: 2, expected: low, low, high, planned: 0.9 };
        assert_eq!(show(0.8, 0.958).interval(), ends("80", "95.8"));
        assert_eq!(show(0.9999, 0.99999).interval(), None, "nearly all of them");
        let forecast = Forecast::everybody("2027-01-05T00:00:00Z".parse().unwrap(), 5_000, 10_000);
        assert_eq!(forecast.interval(), None);
        assert_eq!(Forecast { high: 10_001, ..forecast }.interval(), Some([10_000, 10_001]));
    }
}
