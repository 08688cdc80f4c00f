//! The weather of a city: the same for all its places, and today much as it was yesterday.

/// Below this a day is wet: a little more than a quarter of them.
const WET: f64 = -0.42;

/// How much of a day's weather is left the day after.
const STAYS: f64 = 0.62;

/// How fine a day is: from -1 for a downpour to about 0.5, and 0 on average. `city` is the city's hash, `day` counts
/// from anywhere.
pub(super) fn fineness(city: u64, day: u64) -> f64 {
    let (mut air, mut weight) = (0.0, 1.0);
    // What is older than six days is forgotten.
    for ago in 0..6 {
        air += weight * (2.0 * unit(mix(city ^ (day - ago))) - 1.0);
        weight *= STAYS;
    }
    if air < WET { (0.6 * air - 0.25).max(-1.0) } else { 0.2 + 0.2 * air }
}

/// The finaliser of `SplitMix64`: neighbouring numbers come out unlike.
pub(super) const fn mix(number: u64) -> u64 {
    let hash = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

/// A hash as a number from 0 to 1.
#[expect(clippy::cast_precision_loss, reason = "53 bits are what fits")]
pub(super) fn unit(hash: u64) -> f64 {
    (hash >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
#[expect(clippy::cast_precision_loss, reason = "ratios of small numbers")]
mod tests {
    use super::*;

    #[test]
    fn rain_comes_in_spells_and_evens_out() {
        let days: Vec<f64> = (700_000..704_000).map(|day| fineness(mix(3), day)).collect();
        let wet = |day: &f64| *day < 0.0;
        let rainy = days.iter().filter(|day| wet(day)).count() as f64 / days.len() as f64;
        assert!((0.2..0.36).contains(&rainy), "{rainy} of the days are wet");
        let again = days.windows(2).filter(|pair| wet(&pair[0]) && wet(&pair[1])).count() as f64;
        let again = again / days.windows(2).filter(|pair| wet(&pair[0])).count() as f64;
        assert!(again > 1.6 * rainy, "after a wet day, {again} are wet");
        let mean = days.iter().sum::<f64>() / days.len() as f64;
        assert!(mean.abs() < 0.06, "{mean} on average");
        assert!(days.iter().all(|day| (-1.0..0.7).contains(day)));
    }
}
