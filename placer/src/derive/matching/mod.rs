//! Which of the places found is a store of somebody's list.

mod names;
mod score;

pub(crate) use self::names::without_number;
pub(crate) use self::score::Wanted;
use crate::model::{EntityType, MatchCandidate, MatchStatus, Poi, Prefer};

/// What is less sure than this does not fit.
const FLOOR: f64 = 0.5;

/// Two that are nearer than this fit alike.
const MARGIN: f64 = 0.08;

/// How a choice is made.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Taste {
    pub(crate) prefer: Prefer,
    /// How sure a match has to be.
    pub(crate) accept: f64,
    /// How many candidates to tell besides the best one.
    pub(crate) keep: usize,
}

/// What the candidates come to.
#[derive(Debug)]
pub(crate) struct Choice {
    pub(crate) status: MatchStatus,
    pub(crate) best: Option<MatchCandidate>,
    pub(crate) runners_up: Vec<MatchCandidate>,
    pub(crate) skipped: Vec<MatchCandidate>,
}

/// The place as a candidate for the store.
fn candidate(wanted: &Wanted, poi: &Poi) -> MatchCandidate {
    let (confidence, reasons) = wanted.score(poi);
    MatchCandidate {
        api_id: poi.api_id.clone(),
        name: poi.name.clone(),
        entity_type: poi.entity_type.clone().or_else(|| poi.api_id.entity_type()),
        address: poi
            .address
            .as_ref()
            .and_then(|address| address.formatted_address.clone().or_else(|| address.short_formatted_address.clone())),
        confidence,
        reasons,
        flagged: poi.is_flagged == Some(true),
        permitted: poi.is_permitted != Some(false),
    }
}

/// The choice among the places found.
pub(crate) fn choose(wanted: &Wanted, found: &[Poi], taste: Taste) -> Choice {
    let candidates = found.iter().map(|poi| candidate(wanted, poi));
    let (mut usable, mut skipped): (Vec<_>, Vec<_>) = candidates.partition(|c| !c.flagged && c.permitted);
    let preferred = |c: &MatchCandidate| match (taste.prefer, &c.entity_type) {
        (Prefer::Venue, Some(EntityType::Venue)) | (Prefer::Complex, Some(EntityType::Complex)) => 1.5 * MARGIN,
        _ => 0.0,
    };
    let rank = |c: &MatchCandidate| c.confidence + preferred(c);
    let by_rank = |one: &MatchCandidate, other: &MatchCandidate| {
        // Of those that little is known of, the more alike name goes first.
        let by_name = || other.reasons.name.total_cmp(&one.reasons.name);
        rank(other).total_cmp(&rank(one)).then_with(by_name).then_with(|| one.api_id.cmp(&other.api_id))
    };
    usable.sort_by(by_rank);
    skipped.retain(|c| c.confidence >= FLOOR);
    skipped.sort_by(by_rank);
    let unusable = skipped.first().map_or(0.0, |c| c.confidence);
    skipped.truncate(taste.keep);
    let fits = usable.first().is_some_and(|c| c.confidence >= FLOOR && c.confidence + MARGIN > unusable);
    if !fits {
        // None, or one that is there and cannot be reported on: the next best is another place.
        usable.truncate(taste.keep);
        return Choice { status: MatchStatus::NotFound, best: None, runners_up: usable, skipped };
    }
    let mut ranked = usable.into_iter();
    let best = ranked.next();
    let mut runners_up: Vec<_> = ranked.collect();
    let rivals = best.as_ref().is_some_and(|best| {
        // A venue and a complex at one address are not mistaken for each other, where one is preferred; and a shop
        // within the store, such as its pharmacy, not for the store itself.
        let comparable = |c: &MatchCandidate| taste.prefer == Prefer::Neither || c.entity_type == best.entity_type;
        let other_name = |c: &MatchCandidate| best.reasons.name >= 1.0 && c.reasons.name < 1.0;
        runners_up.iter().any(|c| comparable(c) && !other_name(c) && c.confidence + MARGIN > best.confidence)
    });
    let sure = best.as_ref().is_some_and(|best| best.confidence >= taste.accept);
    let status = if sure && !rivals { MatchStatus::Matched } else { MatchStatus::Ambiguous };
    runners_up.truncate(taste.keep);
    Choice { status, best, runners_up, skipped }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::Store;

    /// The places by these names, all at one address, and what is chosen of them.
    fn chosen(store: &Store, names: &[&str]) -> (MatchStatus, Option<String>) {
        let place = |(number, name): (usize, &&str)| -> Poi {
            serde_json::from_value(json!({
                "apiId": format!("venue:{number:024x}"), "name": name, "entityType": "venue",
                "address": {"formattedAddress": "1200 W Broadway, Boston, MA, United States", "zipCode": "02127"},
                "regions": {"state": {"code": "MA", "name": "Massachusetts"}},
            }))
            .unwrap()
        };
        let places: Vec<_> = names.iter().enumerate().map(place).collect();
        let taste = Taste { prefer: Prefer::Venue, accept: 0.75, keep: 3 };
        let choice = choose(&Wanted::new(store), &places, taste);
        (choice.status, choice.best.and_then(|best| best.name))
    }

    #[test]
    fn a_shop_within_the_store_is_not_the_store() {
        let within = ["Target Optical", "Target", "CVS Pharmacy at Target"];
        let target = || Store::new("1", "Target #1234").city("Boston", "MA").zip("02127");
        let found = (MatchStatus::Matched, Some("Target".to_owned()));
        assert_eq!(chosen(&target(), &within), found);
        assert_eq!(chosen(&target().address("1200 West Broadway, Suite 3").city("Boston", "Mass."), &within), found);
        let by_name = chosen(&Store::new("1", "Target"), &within);
        assert_eq!(by_name, (MatchStatus::Ambiguous, Some("Target".to_owned())), "of a name alone the like one first");
        assert_eq!(chosen(&target(), &["Target", "TARGET"]).0, MatchStatus::Ambiguous, "two that are alike");
    }
}
