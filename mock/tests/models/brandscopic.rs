//! Events with their recaps, comments, expenses, invites and teams; and the projects and events of a gateway.

use std::collections::{BTreeMap, BTreeSet};

use connectors_brandscopic::Contract;
use connectors_brandscopic::gateway::{GatewayLocation, NewEvent, NewProject};
use connectors_brandscopic::native::{
    Amount, CommentId, CompanyUserId, ExpenseDraft, ExpenseId, InviteDraft, InviteId, InviteVenueReference, Member,
    MemberId, Native, PlaceReference, Recap, RemoteEventId, TeamId,
};
use connectors_core::ErrorKind;
use connectors_mock::{FakeRecap, MockBrandscopic};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::{cases, kind, pick, run};

const NOT_FOUND: Option<ErrorKind> = Some(ErrorKind::NotFound);
const INVALID: Option<ErrorKind> = Some(ErrorKind::InvalidRequest);
const CONFLICT: Option<ErrorKind> = Some(ErrorKind::Conflict);
const MEMBERS: [MemberId; 2] = [MemberId::User(CompanyUserId::new(908)), MemberId::Team(TeamId::new(42))];

#[derive(Debug, Clone)]
enum Step {
    Submit { event: u8 },
    Approve { event: u8 },
    Reject { event: u8, reason: u8 },
    Comment { event: u8, text: u8 },
    EditComment { event: u8, comment: u8, text: u8 },
    DeleteComment { event: u8, comment: u8 },
    Spend { event: u8, cents: i64 },
    EditExpense { event: u8, expense: u8, cents: i64 },
    DeleteExpense { event: u8, expense: u8 },
    Invite { event: u8, invitees: u32 },
    EditInvite { event: u8, invite: u8, attendees: u32 },
    Join { event: u8, member: usize },
    Leave { event: u8, member: usize },
}

fn steps() -> impl Strategy<Value = Step> {
    let (event, other) = (0..4_u8, 0..5_u8);
    let two = (event.clone(), other.clone());
    let three = (event.clone(), other.clone(), other.clone());
    let member = (event.clone(), 0..MEMBERS.len());
    prop_oneof![
        2 => event.clone().prop_map(|event| Step::Submit { event }),
        1 => event.clone().prop_map(|event| Step::Approve { event }),
        2 => two.clone().prop_map(|(event, reason)| Step::Reject { event, reason }),
        2 => two.clone().prop_map(|(event, text)| Step::Comment { event, text }),
        1 => three.prop_map(|(event, comment, text)| Step::EditComment { event, comment, text }),
        1 => two.clone().prop_map(|(event, comment)| Step::DeleteComment { event, comment }),
        2 => (event.clone(), 0..90_000_i64).prop_map(|(event, cents)| Step::Spend { event, cents }),
        1 => (event.clone(), other.clone(), 0..90_000_i64)
            .prop_map(|(event, expense, cents)| Step::EditExpense { event, expense, cents }),
        1 => two.prop_map(|(event, expense)| Step::DeleteExpense { event, expense }),
        1 => (event.clone(), 1..100_u32).prop_map(|(event, invitees)| Step::Invite { event, invitees }),
        1 => (event, other, 0..100_u32)
            .prop_map(|(event, invite, attendees)| Step::EditInvite { event, invite, attendees }),
        2 => member.clone().prop_map(|(event, member)| Step::Join { event, member }),
        2 => member.prop_map(|(event, member)| Step::Leave { event, member }),
    ]
}

#[derive(Debug, Clone)]
struct Event {
    recap: FakeRecap,
    reason: Option<String>,
    comments: BTreeMap<CommentId, String>,
    expenses: BTreeMap<ExpenseId, i64>,
    invites: BTreeMap<InviteId, (u32, Option<u32>)>,
    team: BTreeSet<usize>,
}

struct Model {
    mock: MockBrandscopic,
    native: Native,
    events: BTreeMap<RemoteEventId, Event>,
}

fn keys<K: Copy, V>(map: &BTreeMap<K, V>) -> Vec<K> {
    map.keys().copied().collect()
}

fn draft(cents: i64) -> ExpenseDraft {
    ExpenseDraft::new("Supplies", "2026-03-01".parse().unwrap(), Amount::hundredths(cents))
}

impl Model {
    fn new() -> Self {
        let mock = MockBrandscopic::builder().contract(Contract::Native).past_events(3).build().unwrap();
        let native = mock.client().native().unwrap().clone();
        let fresh = Event {
            recap: FakeRecap::Unsent,
            reason: None,
            comments: BTreeMap::new(),
            expenses: BTreeMap::new(),
            invites: BTreeMap::new(),
            team: BTreeSet::new(),
        };
        let mut events = BTreeMap::new();
        for event in mock.fake().events() {
            mock.fake().set_recap(event.id, FakeRecap::Unsent);
            events.insert(RemoteEventId::new(event.id), fresh.clone());
        }
        Self { mock, native, events }
    }

    #[expect(clippy::too_many_lines, reason = "one arm for each kind of step")]
    async fn step(&mut self, step: &Step) {
        let native = self.native.clone();
        let (events, comments, expenses) = (native.events(), native.comments(), native.expenses());
        let (invites, members) = (native.invites(), native.members());
        let number = match *step {
            Step::Submit { event }
            | Step::Approve { event }
            | Step::Reject { event, .. }
            | Step::Comment { event, .. }
            | Step::EditComment { event, .. }
            | Step::DeleteComment { event, .. }
            | Step::Spend { event, .. }
            | Step::EditExpense { event, .. }
            | Step::DeleteExpense { event, .. }
            | Step::Invite { event, .. }
            | Step::EditInvite { event, .. }
            | Step::Join { event, .. }
            | Step::Leave { event, .. } => event,
        };
        let id = pick(&keys(&self.events), number, RemoteEventId::new(77));
        let place = self.mock.fake().venues()[0].place_id;
        let mut event = self.events.get_mut(&id);
        match *step {
            Step::Submit { .. } => {
                let moved = events.submit(id).await;
                match event {
                    None => assert_eq!(kind(&moved), NOT_FOUND),
                    Some(event) if matches!(event.recap, FakeRecap::Unsent | FakeRecap::Rejected) => {
                        moved.unwrap();
                        event.recap = FakeRecap::Submitted;
                    }
                    Some(_) => assert_eq!(kind(&moved), CONFLICT),
                }
            }
            Step::Approve { .. } => {
                let moved = events.approve(id).await;
                match event {
                    None => assert_eq!(kind(&moved), NOT_FOUND),
                    Some(event) if event.recap == FakeRecap::Submitted => {
                        moved.unwrap();
                        event.recap = FakeRecap::Approved;
                    }
                    Some(_) => assert_eq!(kind(&moved), CONFLICT),
                }
            }
            Step::Reject { reason, .. } => {
                let reason = if reason == 0 { " ".to_owned() } else { format!("Reason {reason}") };
                let moved = events.reject(id, reason.clone()).await;
                match event {
                    _ if reason == " " => assert_eq!(kind(&moved), INVALID),
                    None => assert_eq!(kind(&moved), NOT_FOUND),
                    Some(event) if event.recap == FakeRecap::Submitted => {
                        moved.unwrap();
                        (event.recap, event.reason) = (FakeRecap::Rejected, Some(reason));
                    }
                    Some(_) => assert_eq!(kind(&moved), CONFLICT),
                }
            }
            Step::Comment { text, .. } => {
                let text = format!("Comment {text}");
                let made = comments.create_on_event(id, &text).await;
                let Some(event) = event else { return assert_eq!(kind(&made), NOT_FOUND) };
                assert!(event.comments.insert(made.unwrap().id, text).is_none(), "a new id");
            }
            Step::EditComment { comment, text, .. } => {
                let text = format!("Edited {text}");
                let known = event.as_ref().map(|event| keys(&event.comments)).unwrap_or_default();
                let comment = pick(&known, comment, CommentId::new(7));
                let made = comments.update_on_event(id, comment, &text).await;
                match event.as_mut().and_then(|event| event.comments.get_mut(&comment)) {
                    Some(held) => *held = made.unwrap().content,
                    None => assert_eq!(kind(&made), NOT_FOUND),
                }
            }
            Step::DeleteComment { comment, .. } => {
                let known = event.as_ref().map(|event| keys(&event.comments)).unwrap_or_default();
                let comment = pick(&known, comment, CommentId::new(7));
                let deleted = comments.delete_on_event(id, comment).await;
                match event.as_mut().and_then(|event| event.comments.remove(&comment)) {
                    Some(_) => deleted.unwrap(),
                    None => assert_eq!(kind(&deleted), NOT_FOUND),
                }
            }
            Step::Spend { cents, .. } => {
                let made = expenses.create(id, &draft(cents)).await;
                match event {
                    _ if cents == 0 => assert_eq!(kind(&made), INVALID),
                    None => assert_eq!(kind(&made), NOT_FOUND),
                    Some(event) => {
                        assert!(event.expenses.insert(made.unwrap().id, cents).is_none(), "a new id");
                    }
                }
            }
            Step::EditExpense { expense, cents, .. } => {
                let known = event.as_ref().map(|event| keys(&event.expenses)).unwrap_or_default();
                let expense = pick(&known, expense, ExpenseId::new(7));
                let change = ExpenseDraft::change().amount(Amount::hundredths(cents));
                let made = expenses.update(id, expense, &change).await;
                match event.as_mut().and_then(|event| event.expenses.get_mut(&expense)) {
                    _ if cents == 0 => assert_eq!(kind(&made), INVALID),
                    Some(held) => {
                        assert_eq!(made.unwrap().amount, Some(Amount::hundredths(cents)));
                        *held = cents;
                    }
                    None => assert_eq!(kind(&made), NOT_FOUND),
                }
            }
            Step::DeleteExpense { expense, .. } => {
                let known = event.as_ref().map(|event| keys(&event.expenses)).unwrap_or_default();
                let expense = pick(&known, expense, ExpenseId::new(7));
                let deleted = expenses.delete(id, expense).await;
                match event.as_mut().and_then(|event| event.expenses.remove(&expense)) {
                    Some(_) => deleted.unwrap(),
                    None => assert_eq!(kind(&deleted), NOT_FOUND),
                }
            }
            Step::Invite { invitees, .. } => {
                let at = InviteVenueReference::Place(PlaceReference::Place(place.into()));
                let made = invites.create_on_event(id, &at, &InviteDraft::new(invitees)).await;
                let Some(event) = event else { return assert_eq!(kind(&made), NOT_FOUND) };
                let made = made.unwrap();
                assert!(event.invites.insert(made.id, (invitees, made.attendees)).is_none(), "a new id");
            }
            Step::EditInvite { invite, attendees, .. } => {
                let known = event.as_ref().map(|event| keys(&event.invites)).unwrap_or_default();
                let invite = pick(&known, invite, InviteId::new(7));
                let made = invites.update_on_event(id, invite, &InviteDraft::change().attendees(attendees)).await;
                match event.as_mut().and_then(|event| event.invites.get_mut(&invite)) {
                    Some(held) => {
                        held.1 = Some(attendees);
                        let made = made.unwrap();
                        assert_eq!((made.invitees, made.attendees), (Some(held.0), held.1), "the rest stays");
                    }
                    None => assert_eq!(kind(&made), NOT_FOUND),
                }
            }
            Step::Join { member, .. } => {
                let joined = members.add(id, MEMBERS[member]).await;
                match event {
                    None => assert_eq!(kind(&joined), NOT_FOUND),
                    Some(event) if event.team.contains(&member) => assert_eq!(kind(&joined), INVALID, "there already"),
                    Some(event) => {
                        joined.unwrap();
                        event.team.insert(member);
                    }
                }
            }
            Step::Leave { member, .. } => {
                let left = members.remove(id, MEMBERS[member]).await;
                match event {
                    Some(event) if event.team.contains(&member) => {
                        left.unwrap();
                        event.team.remove(&member);
                    }
                    _ => assert_eq!(kind(&left), NOT_FOUND),
                }
            }
        }
    }

    async fn check(&self) {
        for (id, event) in &self.events {
            let read = self.native.events().get(*id).await.unwrap();
            let held = self.mock.fake().events().into_iter().find(|held| held.id == id.get()).unwrap();
            assert_eq!(held.recap.unwrap_or(FakeRecap::Unsent), event.recap);
            let recap = match event.recap {
                FakeRecap::Submitted => Recap::Submitted,
                FakeRecap::Approved => Recap::Approved,
                FakeRecap::Rejected => Recap::Rejected,
                _ => read.event_status.clone(),
            };
            assert_eq!(read.event_status, recap);
            if event.recap == FakeRecap::Rejected {
                assert_eq!(read.rejection.unwrap().reason, event.reason);
            }
            let comments = self.native.comments().of_event(*id).await.unwrap();
            let comments: BTreeMap<_, _> = comments.into_iter().map(|comment| (comment.id, comment.content)).collect();
            assert_eq!(comments, event.comments);
            let expenses = self.native.expenses().list(*id).await.unwrap();
            let expenses: BTreeMap<_, _> =
                expenses.into_iter().map(|spent| (spent.id, spent.amount.unwrap())).collect();
            let cents = event.expenses.iter().map(|(id, cents)| (*id, Amount::hundredths(*cents)));
            assert_eq!(expenses, cents.collect());
            let invites = self.native.invites().of_event(*id).await.unwrap();
            let invites = invites.into_iter().map(|made| (made.id, (made.invitees.unwrap(), made.attendees)));
            assert_eq!(invites.collect::<BTreeMap<_, _>>(), event.invites);
            let team = self.native.members().list(*id).await.unwrap();
            let team: Vec<_> = team.iter().filter_map(Member::id).collect();
            assert_eq!(team.len(), event.team.len());
            assert!(event.team.iter().all(|member| team.contains(&MEMBERS[*member])));
            let counters = self.native.events().details_counters(*id).await.unwrap();
            let counted = (counters.comments.count, counters.expenses.count);
            assert_eq!(counted, (event.comments.len() as u64, event.expenses.len() as u64));
        }
    }
}

proptest! {
    #![proptest_config(cases(40))]

    #[test]
    fn events_go_their_way_and_keep_what_they_were_given(steps in vec(steps(), 1..40)) {
        run(async {
            let mut model = Model::new();
            for step in &steps {
                model.step(step).await;
            }
            model.check().await;
        });
    }

    #[test]
    fn a_gateway_keeps_projects_and_their_events(steps in vec((any::<bool>(), 0..6_u8, 0..3_u8), 1..25)) {
        run(async {
            let mock = MockBrandscopic::builder().contract(Contract::Gateway).build().unwrap();
            let gateway = mock.client().gateway().unwrap();
            let there = || mock.fake().projects().into_iter().map(|p| (p.id.to_string(), p.name)).collect::<Vec<_>>();
            let (mut projects, mut events) = (there(), BTreeMap::new());
            for (is_event, which, name) in steps {
                let name = format!("Name {name}");
                if !is_event {
                    let made = gateway.projects().create(&NewProject::new(&name, "Fizz", "East")).await.unwrap();
                    assert!(projects.iter().all(|(id, _)| *id != made.id), "a new id");
                    projects.push((made.id, name));
                    continue;
                }
                let known = projects.get(usize::from(which) % (projects.len() + 1)).map(|(id, _)| id.clone());
                let start = "2026-06-05T18:00:00-04:00".parse().unwrap();
                let project = known.clone().unwrap_or_else(|| "999999".to_owned());
                let new = NewEvent::new(&project, &name, start, GatewayLocation::new("New York", "US"), "The Kettle");
                let made = gateway.events().create(&new).await;
                if known.is_none() {
                    assert!(matches!(kind(&made), NOT_FOUND | INVALID), "{made:?}");
                    continue;
                }
                let made = made.unwrap();
                assert!(events.insert(made.id.clone(), (made, project, name)).is_none(), "a new id");
            }
            assert_eq!(kind(&gateway.events().get("999999").await), NOT_FOUND);
            for (id, (made, _, _)) in &events {
                assert_eq!(gateway.events().get(id).await.unwrap(), *made);
                assert_eq!(gateway.events().status(id).await.unwrap().status.as_str(), "pending");
            }
            assert_eq!(there(), projects);
            let held = mock.fake().events().into_iter().map(|e| (e.id.to_string(), (e.project.to_string(), e.name)));
            let made = events.into_iter().map(|(id, (_, project, name))| (id, (project, name)));
            assert_eq!(held.collect::<BTreeMap<_, _>>(), made.collect());
        });
    }
}
