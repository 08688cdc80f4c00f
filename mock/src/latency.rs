//! How long answers take.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use connectors_core::{Error, Result};

/// How long answers take: always the same, or drawn for each request, repeatably by the backend's seed.
///
/// ```
/// # use std::time::Duration;
/// # use connectors_mock::{Latency, MockPlacer};
/// let mock = MockPlacer::new();
/// mock.backend().latency(Duration::from_millis(80));
/// mock.backend().latency(Latency::between(Duration::from_millis(50), Duration::from_millis(150)));
/// mock.backend().latency("mobile".parse::<Latency>()?);
/// # Ok::<_, connectors_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Latency {
    low: Duration,
    high: Duration,
    /// One answer of a hundred takes up to this long.
    worst: Duration,
}

impl Latency {
    /// Every answer takes this long.
    pub fn fixed(latency: Duration) -> Self {
        Self { low: latency, high: latency, worst: latency }
    }

    /// Anything in between is as likely.
    pub fn between(low: Duration, high: Duration) -> Self {
        Self { low, high: high.max(low), worst: high.max(low) }
    }

    /// And one answer of a hundred takes longer, up to this long.
    pub fn worst(self, worst: Duration) -> Self {
        Self { worst: worst.max(self.high), ..self }
    }

    /// A service in the same region: 5 to 15 ms, at worst 100 ms. In text: `nearby`.
    pub fn nearby() -> Self {
        Self::between(Duration::from_millis(5), Duration::from_millis(15)).worst(Duration::from_millis(100))
    }

    /// A service on the other side of an ocean: 80 to 160 ms, at worst 1 s. In text: `overseas`.
    pub fn overseas() -> Self {
        Self::between(Duration::from_millis(80), Duration::from_millis(160)).worst(Duration::from_secs(1))
    }

    /// From a phone in the field: 100 to 400 ms, at worst 5 s. In text: `mobile`.
    pub fn mobile() -> Self {
        Self::between(Duration::from_millis(100), Duration::from_millis(400)).worst(Duration::from_secs(5))
    }

    pub(crate) fn draw(&self, random: &mut fastrand::Rng) -> Duration {
        if self.worst == self.low {
            return self.low;
        }
        let (from, to) = if random.u8(..100) == 0 { (self.high, self.worst) } else { (self.low, self.high) };
        from + to.saturating_sub(from).mul_f64(random.f64())
    }
}

impl From<Duration> for Latency {
    fn from(latency: Duration) -> Self {
        Self::fixed(latency)
    }
}

/// As it is read: `80ms`, `50ms..150ms`; the worst is told besides, where it is longer.
impl fmt::Display for Latency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.worst.is_zero() {
            return f.write_str("0ms");
        }
        write!(f, "{:?}", self.low)?;
        if self.high > self.low {
            write!(f, "..{:?}", self.high)?;
        }
        if self.worst > self.high { write!(f, " (at worst {:?})", self.worst) } else { Ok(()) }
    }
}

/// `80ms`, `1.5s`, `50ms..150ms`, `nearby`, `overseas`, `mobile`.
impl FromStr for Latency {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        match text {
            "nearby" => return Ok(Self::nearby()),
            "overseas" => return Ok(Self::overseas()),
            "mobile" => return Ok(Self::mobile()),
            _ => {}
        }
        let duration = |text: &str| {
            let (number, unit) =
                text.strip_suffix("ms").map(|n| (n, 1e-3)).or(text.strip_suffix('s').map(|n| (n, 1.0)))?;
            let seconds = number.trim().parse::<f64>().ok()? * unit;
            (seconds <= 3600.0).then(|| Duration::try_from_secs_f64(seconds).ok())?
        };
        let parsed = match text.split_once("..") {
            Some((low, high)) => duration(low).zip(duration(high)).map(|(low, high)| Self::between(low, high)),
            None => duration(text).map(Self::fixed),
        };
        let problem = "must be like 80ms, 1.5s or 50ms..150ms, up to an hour, or one of nearby, overseas, mobile";
        parsed.ok_or_else(|| Error::invalid("latency", problem))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_people_write() {
        let ms = Duration::from_millis;
        assert_eq!("80ms".parse::<Latency>().unwrap(), Latency::fixed(ms(80)));
        assert_eq!("1.5s".parse::<Latency>().unwrap(), Latency::fixed(ms(1500)));
        assert_eq!("50ms..1s".parse::<Latency>().unwrap(), Latency::between(ms(50), ms(1000)));
        assert_eq!("mobile".parse::<Latency>().unwrap(), Latency::mobile());
        for wrong in ["", "80", "-1ms", "NaNs", "infs", "1e300s", "2h", "5ms..", "fast"] {
            assert_eq!(wrong.parse::<Latency>().unwrap_err().field(), Some("latency"), "{wrong}");
        }
    }

    #[test]
    fn says_what_it_reads() {
        for text in ["0ms", "80ms", "50ms..1.5s"] {
            assert_eq!(text.parse::<Latency>().unwrap().to_string(), text);
        }
        assert_eq!(Latency::nearby().to_string(), "5ms..15ms (at worst 100ms)");
    }

    #[test]
    fn draws_within_bounds_with_a_tail() {
        let latency = Latency::overseas();
        let mut random = fastrand::Rng::with_seed(7);
        let drawn: Vec<_> = (0..10_000).map(|_| latency.draw(&mut random)).collect();
        let slow = drawn.iter().filter(|taken| **taken > latency.high).count();
        assert!(drawn.iter().all(|taken| *taken >= latency.low && *taken <= latency.worst));
        assert!((50..200).contains(&slow), "{slow}");
    }
}
