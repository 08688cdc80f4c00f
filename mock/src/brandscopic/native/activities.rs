//! Activities at events and venues.

use chrono::NaiveDate;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::super::answer::Answer;
use super::super::fields;
use super::super::state::State;
use super::asked::Asked;
use super::form::{self, Answers};
use super::{
    Outcome, activity_types, assets, bad_parameter, not_found, not_saved, nothing, ok, problem, subject, views,
};

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Store(Vec<Activity>);

impl Store {
    /// How many an event has.
    pub(super) fn count(&self, event: i64) -> u64 {
        self.0.iter().filter(|activity| activity.active && activity.subject == ("Event", event)).count() as u64
    }
}

/// What an activity is at: the kind of it, and its id.
type Subject = (&'static str, i64);

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Activity {
    id: i64,
    #[serde(deserialize_with = "subject::one")]
    subject: Subject,
    kind: i64,
    campaign: i64,
    date: NaiveDate,
    user: i64,
    active: bool,
    answers: Answers,
}

pub(super) fn answer(state: &mut State, asked: &Asked<'_>) -> Outcome {
    match asked.method() {
        "blank" => return blank(state, asked),
        "form" => return assets::event(state, asked).and_then(|_| assets::form(asked)),
        "get" => {
            let id = asked.id("id")?;
            let found = state.stores.activities.0.iter().find(|activity| activity.id == id).ok_or_else(not_found)?;
            return ok(whole(state, found));
        }
        _ => {}
    }
    let subject = subject(state, asked)?;
    let (method, _) = asked.method().split_once('_').unwrap_or_default();
    let of_subject = |activity: &&Activity| activity.subject == subject;
    if method == "of" {
        let active = state.stores.activities.0.iter().filter(of_subject).filter(|activity| activity.active);
        return ok(active.map(|activity| listed(state, activity)).collect());
    }
    if method == "create" {
        return create(state, asked, subject);
    }
    let id = asked.id("id")?;
    let found = state.stores.activities.0.iter().filter(of_subject).find(|activity| activity.id == id);
    let mut activity = found.cloned().ok_or_else(not_found)?;
    let answer = match method {
        "update" => {
            activity = apply(state, asked, activity, "id")?;
            nothing()
        }
        "deactivate" => {
            activity.active = false;
            ok(json!("ok"))
        }
        _ => return Err(asked.unknown()),
    };
    if let Some(old) = state.stores.activities.0.iter_mut().find(|activity| activity.id == id) {
        *old = activity;
    }
    answer
}

fn subject(state: &State, asked: &Asked<'_>) -> Result<Subject, Answer> {
    if asked.method().ends_with("_venue") {
        let id = asked.id("venue")?;
        return state.venues.iter().find(|venue| venue.venue_id() == id).map(|_| ("Venue", id)).ok_or_else(not_found);
    }
    let id = asked.id("event")?;
    state.event(id).map(|_| ("Event", id)).ok_or_else(not_found)
}

fn create(state: &mut State, asked: &Asked<'_>, subject: Subject) -> Outcome {
    let event = state.event(subject.1).filter(|_| subject.0 == "Event").map(|event| event.project);
    let campaign = event.or_else(|| asked.sent.integer("campaign_id"));
    let campaign = campaign.ok_or_else(|| not_saved(problem("campaign", "can't be blank")))?;
    let kind = asked.sent.integer("activity_type_id").unwrap_or_default();
    let known = state.projects.iter().any(|p| p.id == campaign && activity_types::has(&p.name, kind));
    if !known {
        return Err(not_saved(problem("activity_type_id", "is invalid")));
    }
    let (id, date) = (state.fresh_id(), asked.now.date_naive());
    let mut answers = Answers::new();
    for field in form::of_activities(kind) {
        answers.insert(field.id, (state.fresh_id(), Value::Null));
    }
    let blank = Activity { id, subject, kind, campaign, date, user: 0, active: true, answers };
    let activity = apply(state, asked, blank, "form_field_id")?;
    let record = record(state, asked, &activity);
    state.stores.activities.0.push(activity);
    Ok(Answer::new(StatusCode::CREATED, record))
}

/// The activity with what was sent, or what is wrong with it. Answers are found `by` their own ids or their fields'.
fn apply(state: &State, asked: &Asked<'_>, mut activity: Activity, by: &'static str) -> Result<Activity, Answer> {
    let invalid = |attribute: &str| not_saved(problem(attribute, "is invalid"));
    if let Some(date) = asked.sent.text("activity_date") {
        activity.date = fields::date(date).ok_or_else(|| invalid("activity_date"))?;
    }
    if asked.sent.has("company_user_id") {
        let user = asked.sent.integer("company_user_id").and_then(|id| state.stores.users.find(id));
        activity.user = user.ok_or_else(|| invalid("company_user_id"))?.id;
    }
    let fields = form::of_activities(activity.kind);
    if let Some(list) = asked.sent.get("results_attributes") {
        let sent = form::sent(list, by).ok_or_else(|| bad_parameter("Invalid parameter results_attributes"))?;
        for (meant, value) in sent {
            let is_it =
                |entry: &(&i64, &mut (i64, Value))| meant == Some(if by == "id" { entry.1.0 } else { *entry.0 });
            let (field, answer) = activity.answers.iter_mut().find(is_it).ok_or_else(not_found)?;
            if !fields.iter().any(|known| known.id == *field && known.takes(state, value)) {
                return Err(invalid("results.value"));
            }
            answer.1 = value.clone();
        }
    }
    let answered = |id: &i64| activity.answers.get(id).is_some_and(|(_, value)| !value.is_null());
    if fields.iter().all(|field| !field.required || answered(&field.id)) {
        Ok(activity)
    } else {
        Err(invalid("results.value"))
    }
}

fn blank(state: &State, asked: &Asked<'_>) -> Outcome {
    let kind = asked.required("activity_type_id")?.parse().map_err(|_| not_found())?;
    let fields = form::of_activities(kind);
    if fields.is_empty() {
        return Err(not_found());
    }
    let fields: Vec<_> = fields.iter().map(|field| field.view(state, None)).collect();
    ok(json!({
        "activity_date": at_midnight(state, state.local(asked.now).date()),
        "company_user": {"id": State::COMPANY_USER, "name": name_of(state, State::COMPANY_USER)},
        "activity_type": activity_types::view(kind),
        "data": fields,
    }))
}

fn listed(state: &State, activity: &Activity) -> Value {
    json!({
        "id": activity.id,
        "activity_date": at_midnight(state, activity.date),
        "activity_type": activity_types::view(activity.kind),
        "company_user": {"id": activity.user, "full_name": name_of(state, activity.user)},
    })
}

fn whole(state: &State, activity: &Activity) -> Value {
    let fields = form::of_activities(activity.kind);
    let fields: Vec<_> = fields.iter().map(|field| field.view(state, activity.answers.get(&field.id))).collect();
    let campaign = state.projects.iter().find(|project| project.id == activity.campaign);
    let more = json!({
        "company_user": {"id": activity.user, "name": name_of(state, activity.user)},
        "campaign": campaign.map(|campaign| json!({"id": campaign.id, "name": campaign.name})),
        "activitable": {"id": activity.subject.1, "type": activity.subject.0},
        "data": fields,
    });
    views::with(listed(state, activity), more)
}

fn name_of(state: &State, user: i64) -> Option<String> {
    state.stores.users.find(user).map(super::users::User::full_name)
}

/// What a create answers: no view, the raw record.
fn record(state: &State, asked: &Asked<'_>, activity: &Activity) -> Value {
    json!({
        "id": activity.id,
        "activity_type_id": activity.kind,
        "activitable_id": activity.subject.1,
        "activitable_type": activity.subject.0,
        "campaign_id": activity.campaign,
        "active": true,
        "company_user_id": activity.user,
        "activity_date": at_midnight(state, activity.date),
        "created_at": asked.now.to_rfc3339(),
        "updated_at": asked.now.to_rfc3339(),
        "created_by_id": State::USER,
        "updated_by_id": State::USER,
    })
}

/// The beginning of a day in the user's zone.
fn at_midnight(state: &State, day: NaiveDate) -> String {
    let midnight = day.and_time(chrono::NaiveTime::MIN);
    let ahead = midnight - state.zone.to_utc(midnight).naive_utc();
    let (sign, minutes) = (if ahead.num_minutes() < 0 { '-' } else { '+' }, ahead.num_minutes().abs());
    format!("{}.000{sign}{:02}:{:02}", midnight.format("%Y-%m-%dT%H:%M:%S"), minutes / 60, minutes % 60)
}
