//! A load against a limit, drawn: three paths on a field of fixed size, as plain values for a template. No script, no
//! colour alone: what is too much is said in words beside it and stands in a table below.

/// The field that is drawn on: wide enough for the columns of a plan, and as tall as a line of text times five.
pub const WIDTH: f64 = 240.0;
/// See [`WIDTH`].
pub const HEIGHT: f64 = 80.0;

/// The paths of one chart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chart {
    /// The load, as far as the limit allows.
    pub load: String,
    /// What is beyond it.
    pub over: String,
    /// The limit.
    pub limit: String,
}

/// Draws one row of numbers as an area and another as a line over it.
pub fn pair(area: &[f64], line: &[f64]) -> Chart {
    let highest = area.iter().chain(line).copied().fold(0.0, f64::max);
    let columns: Vec<(f64, f64)> = area.iter().map(|value| (*value, highest)).collect();
    let against: Vec<(f64, f64)> = line.iter().map(|value| (highest, *value)).collect();
    Chart { load: chart(&columns).load, over: String::new(), limit: chart(&against).limit }
}

/// Draws columns of (load, limit) side by side, from nothing to the highest of both.
pub fn chart(columns: &[(f64, f64)]) -> Chart {
    let highest = columns.iter().flat_map(|(load, limit)| [*load, *limit]).fold(0.0, f64::max);
    let step = WIDTH / u32::try_from(columns.len().max(1)).map_or(1.0, f64::from);
    // A twentieth of air above.
    let y = |value: f64| HEIGHT * (1.0 - value / (highest * 1.05).max(f64::MIN_POSITIVE));
    let mut chart = Chart::default();
    let mut before = None;
    for (at, (load, limit)) in (0_u32..).zip(columns) {
        let x = f64::from(at) * step;
        let within = load.min(*limit);
        if within > 0.0 {
            chart.load += &format!("M{x:.1} {HEIGHT}V{:.1}h{step:.2}V{HEIGHT}z", y(within));
        }
        if load > limit {
            chart.over += &format!("M{x:.1} {:.1}V{:.1}h{step:.2}V{:.1}z", y(*limit), y(*load), y(*limit));
        }
        let top = format!("{:.1}", y(*limit));
        match &before {
            None => chart.limit += &format!("M0 {top}"),
            Some(before) if *before != top => chart.limit += &format!("H{x:.1}V{top}"),
            Some(_) => {}
        }
        before = Some(top);
    }
    if before.is_some() {
        chart.limit += &format!("H{WIDTH}");
    }
    chart
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_beyond_the_limit_is_a_path_of_its_own() {
        let drawn = chart(&[(0.0, 10.0), (5.0, 10.0), (20.0, 10.0), (4.0, 5.0)]);
        assert_eq!(drawn.load.matches('M').count(), 3, "{drawn:?}");
        assert_eq!(drawn.over, "M120.0 41.9V3.8h60.00V41.9z");
        assert_eq!(drawn.limit, "M0 41.9H180.0V61.0H240");
        assert_eq!(chart(&[(1.0, 1.0)]).over, "");
        assert_eq!(chart(&[]), Chart::default());
        let both = pair(&[2.0, 0.0], &[1.0, 4.0]);
        assert_eq!((both.load.matches('M').count(), both.over.as_str()), (1, ""));
        assert_eq!(both.limit, "M0 61.0H120.0V3.8H240");
        assert!(!chart(&[(0.0, 0.0)]).limit.contains("NaN"));
    }
}
