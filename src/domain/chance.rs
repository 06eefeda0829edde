//! Chance for simulations: the same on every run and every machine, and it decides about nobody.

/// Splitmix64, from a seed.
#[derive(Clone, Debug)]
pub struct Chance(pub u64);

impl Chance {
    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to 1, without 1.
    #[allow(clippy::cast_precision_loss, reason = "53 bits fit")]
    pub fn part(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// With mean 0 and deviation 1.
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.part()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.part()).cos()
    }

    /// One of these, each as often as its share of one says.
    pub fn one_of(&mut self, values: &[(String, f64)]) -> Option<String> {
        let mut left = self.part();
        let found = values.iter().find(|(_, share)| {
            left -= share;
            left < 0.0
        });
        found.or(values.last()).map(|(value, _)| value.clone())
    }

    /// Whether something happens that happens so often.
    pub fn happens(&mut self, share: f64) -> bool {
        self.part() < share
    }

    /// One of `count`.
    pub fn below(&mut self, count: u64) -> u64 {
        self.bits() % count.max(1)
    }
}
