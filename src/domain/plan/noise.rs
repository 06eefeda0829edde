//! The mathematics of load: how much capacity a mean rate needs, and how short a window may be.
//!
//! Even perfectly even starts leave Poisson-like noise. Over windows of Δ seconds, the worst one of
//! a day stays under C(Δ) = λ + z √(v/Δ) + u z²/(6Δ) with probability 1 − ε; ε is 0.1 % for each
//! day. Simulated arrivals stay below it (`jebi plan SCENARIO --simulate 1000`), by a little: it is safe to plan with.

/// The chance, for each day of purchases, that one window is over.
pub const EPSILON: f64 = 0.001;

/// The day for which ε holds: thirteen open hours, in seconds. Shorter days have fewer windows.
pub const DAY: f64 = 46_800.0;

/// z for the windows of Δ seconds of one day.
pub fn z(window: f64) -> f64 {
    -normal_quantile(EPSILON / (DAY / window))
}

/// C(Δ): what is needed so that a load with this mean and variance a second stays under it; `unit` is
/// what one person brings at once.
pub fn needed(mean: f64, variance: f64, unit: f64, window: f64) -> f64 {
    if mean <= 0.0 {
        return 0.0;
    }
    let z = z(window);
    mean + z * (variance / window).sqrt() + unit * z * z / (6.0 * window)
}

/// The largest mean rate of people that C(Δ) allows for a capacity; 0 if it allows none.
pub fn largest_rate(capacity: f64, window: f64) -> f64 {
    // In x = √λ the formula is a parabola.
    let z = z(window);
    let half = z / window.sqrt();
    let room = capacity - z * z / (6.0 * window);
    if room <= 0.0 {
        return 0.0;
    }
    let root = f64::midpoint(-half, (half * half + 4.0 * room).sqrt());
    root * root
}

/// T_min: the fewest open seconds in which these people can come without exceeding a capacity.
pub fn shortest_window(people: f64, capacity: f64, window: f64) -> Option<f64> {
    let rate = largest_rate(capacity, window);
    (rate > 0.0).then(|| people / rate)
}

/// Φ⁻¹ by Acklam's rational approximation, relative error below 1.2e-9.
pub fn normal_quantile(p: f64) -> f64 {
    const A: [f64; 6] = [
        -3.969_683_028_665_376e1,
        2.209_460_984_245_205e2,
        -2.759_285_104_469_687e2,
        1.383_577_518_672_69e2,
        -3.066_479_806_614_716e1,
        2.506_628_277_459_239,
    ];
    const B: [f64; 5] = [
        -5.447_609_879_822_406e1,
        1.615_858_368_580_409e2,
        -1.556_989_798_598_866e2,
        6.680_131_188_771_972e1,
        -1.328_068_155_288_572e1,
    ];
    const C: [f64; 6] = [
        -7.784_894_002_430_293e-3,
        -3.223_964_580_411_365e-1,
        -2.400_758_277_161_838,
        -2.549_732_539_343_734,
        4.374_664_141_464_968,
        2.938_163_982_698_783,
    ];
    const D: [f64; 4] =
        [7.784_695_709_041_462e-3, 3.224_671_290_700_398e-1, 2.445_134_137_142_996, 3.754_408_661_907_416];
    let poly = |terms: &[f64], x: f64| terms.iter().fold(0.0, |sum, term| sum * x + term);
    if p < 0.024_25 {
        let q = (-2.0 * p.ln()).sqrt();
        poly(&C, q) / (poly(&D, q) * q + 1.0)
    } else if p <= 0.975_75 {
        let q = p - 0.5;
        let r = q * q;
        poly(&A, r) * q / (poly(&B, r) * r + 1.0)
    } else {
        -normal_quantile(1.0 - p)
    }
}

/// Φ by Abramowitz and Stegun 7.1.26, error below 1.5e-7.
pub fn normal(x: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.327_591_1 * x.abs() / std::f64::consts::SQRT_2);
    let terms = [1.061_405_429, -1.453_152_027, 1.421_413_741, -0.284_496_736, 0.254_829_592];
    let erf = 1.0 - terms.iter().fold(0.0, |sum, term| sum * t + term) * t * (-x * x / 2.0).exp();
    f64::midpoint(1.0, erf.copysign(x))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_the_tables() {
        for (p, z) in [(0.5, 0.0), (0.975, 1.959_964), (0.999, 3.090_232), (1e-7, -5.199_338)] {
            assert!((normal_quantile(p) - z).abs() < 1e-6, "{p}: {}", normal_quantile(p));
            assert!((normal(z) - p).abs() < 2e-7, "{z}");
        }
    }

    #[test]
    fn a_rate_and_its_capacity_are_inverse() {
        for (capacity, window) in [(24.0, 10.0), (3.0, 10.0), (30.0, 60.0), (100.0, 1.0)] {
            let rate = largest_rate(capacity, window);
            assert!((needed(rate, rate, 1.0, window) - capacity).abs() < 1e-9, "{capacity} {window}");
        }
        assert!(largest_rate(0.1, 10.0) <= 0.0);
    }

    /// The shortest windows of the five incidents: served people, 90 % of whom come, 10-s windows.
    #[test]
    fn the_shortest_windows_are_the_published_ones() {
        for (name, people, capacity, hours, digits) in [
            ("Tongyeong at 24/s", 5_000.0, 24.0, 4.4 / 60.0, 0.05 / 60.0),
            ("Tongyeong at 3/s", 5_000.0, 3.0, 1.3, 0.05),
            ("Sejong", 60_000.0, 30.0, 41.0 / 60.0, 0.5 / 60.0),
            ("Busan", 900_000.0, 30.0, 10.2, 0.05),
            ("Onnuri", 4_300_000.0, 100.0, 12.7, 0.05),
            ("Gyeonggi, day one", 826_226.0, 27.2, 10.5, 0.05),
            ("Gyeonggi, all", 13_260_000.0, 27.2, 168.0, 0.5),
        ] {
            let found = shortest_window(people * 0.9, capacity, 10.0).unwrap() / 3_600.0;
            assert!((found - hours).abs() <= digits, "{name}: {found} hours, published {hours}");
        }
    }
}
