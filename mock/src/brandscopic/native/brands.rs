//! Brands, by campaign, and their marques.

use serde_json::{Value, json};

use super::super::answer::Answer;
use super::super::state::State;
use super::asked::Asked;
use super::{Outcome, not_found, ok};

/// A brand.
pub(super) struct Brand {
    pub(super) id: i64,
    pub(super) name: &'static str,
    pub(super) active: bool,
    pub(super) marques: &'static [(i64, &'static str)],
}

pub(super) const BRANDS: [Brand; 3] = [
    Brand { id: 81, name: "Copper Kettle", active: true, marques: &[(811, "Cold Brew"), (812, "Dark Roast")] },
    Brand { id: 82, name: "Harbor Fizz", active: true, marques: &[(821, "Cold Brew"), (822, "Ginger")] },
    Brand { id: 83, name: "Old Orchard", active: false, marques: &[] },
];

impl Brand {
    pub(super) fn view(&self) -> Value {
        json!({"id": self.id, "name": self.name, "active": self.active})
    }
}

/// The brands of a campaign: those in use.
pub(super) fn of_campaign(state: &State, campaign: i64) -> Result<impl Iterator<Item = &'static Brand>, Answer> {
    state.projects.iter().find(|project| project.id == campaign).ok_or_else(not_found)?;
    Ok(BRANDS.iter().filter(|brand| brand.active))
}

pub(super) fn answer(state: &mut State, asked: &Asked<'_>) -> Outcome {
    match asked.method() {
        "list" => match asked.query("campaign_id") {
            Some(id) => {
                let id = id.parse().map_err(|_| not_found())?;
                ok(of_campaign(state, id)?.map(Brand::view).collect())
            }
            None => ok(BRANDS.iter().map(Brand::view).collect()),
        },
        "of_campaign" => ok(of_campaign(state, asked.id("campaign")?)?.map(Brand::view).collect()),
        _ => {
            let id = asked.id("id")?;
            let brand = BRANDS.iter().find(|brand| brand.id == id).ok_or_else(not_found)?;
            ok(brand.marques.iter().map(|(id, name)| json!({"id": id, "name": name})).collect())
        }
    }
}
