//! What is denied is unsupported when it is tried, and nothing else is.

use connectors_brandscopic::{
    BrandscopicService, Capability, Contract, CreateProject, EventStatusRequest, Project, SyncEvent, SyncOutcome,
};
use connectors_core::{Error, ErrorKind, Remote, Result};
use connectors_mock::{Fault, GatewayVariant, MockBrandscopic};

use crate::{builder, campaign};

/// Tries it, on a client that has a project and its first event.
async fn attempt(mock: &MockBrandscopic, project: &Project, capability: Capability) -> Result<()> {
    let (client, first) = (mock.client(), campaign().events.remove(0));
    match capability {
        Capability::CreateProjects => {
            let mut new = CreateProject::new(&campaign());
            (new.campaign, new.name) = ("another".parse()?, "A campaign that nobody has made".to_owned());
            mock.create_project(new).await.map(drop)
        }
        Capability::CreateEvents => {
            mock.sync_event(SyncEvent::new(project, campaign().events.remove(1))).await.map(drop)
        }
        Capability::EventStatus => mock.event_status(EventStatusRequest::new(project, first.id)).await.map(drop),
        Capability::UpdateEvents => {
            let mut renamed = first;
            renamed.name.push_str(" with music");
            mock.sync_event(SyncEvent::new(project, renamed)).await.map(drop)
        }
        Capability::AdoptEvents => {
            mock.sync_event(SyncEvent::new(project, campaign().events.remove(2)).adopt_existing()).await.map(drop)
        }
        Capability::ExternalIds if client.contract() == Contract::Native => {
            // Brandscopic refuses what it does not know; there is nothing typed to try.
            client.gateway().map(drop)
        }
        Capability::ExternalIds => {
            let told = mock.fake().external_id(project.id.as_str().parse().unwrap());
            told.map(drop).ok_or_else(|| Error::unsupported("brandscopic", "external_ids", "it was not told"))
        }
        Capability::Health => client.gateway()?.health().await.map(drop),
        _ => client.native().map(drop),
    }
}

#[tokio::test]
async fn what_is_denied_is_unsupported_and_nothing_else() {
    let structured = builder(Contract::Gateway).gateway_variant(GatewayVariant::Structured);
    for builder in [builder(Contract::Native), builder(Contract::Gateway), structured] {
        let mock = builder.build().unwrap();
        let project = mock.create_project(CreateProject::new(&campaign())).await.unwrap();
        mock.sync_event(SyncEvent::new(&project, campaign().events.remove(0))).await.unwrap();
        let capabilities = mock.capabilities();
        for (capability, reason) in capabilities.iter().filter(|(asked, _)| *asked != Capability::RecoverCreates) {
            let case = format!("{capability} of {:?}", mock.client().contract());
            let outcome = attempt(&mock, &project, capability).await;
            let unsupported = outcome.as_ref().is_err_and(|error| error.kind() == ErrorKind::Unsupported);
            assert_eq!(unsupported, reason.is_some(), "{case}: {outcome:?}");
            assert!(unsupported || outcome.is_ok(), "{case}: {outcome:?}");
            let asked = capabilities.check(capability).err().map(|error| (error.kind(), error.message().to_owned()));
            assert_eq!(asked, reason.map(|reason| (ErrorKind::Unsupported, reason.to_owned())));
            assert_eq!(capabilities.can(capability), reason.is_none());
        }
    }
}

#[tokio::test]
async fn a_create_of_unknown_outcome_is_looked_up_where_it_is_said_to_be() {
    for contract in crate::BOTH {
        let mock = builder(contract).build().unwrap();
        let project = mock.create_project(CreateProject::new(&campaign())).await.unwrap();
        mock.backend().script("events.create", [Fault::ResetAfter]);
        let synced = mock.sync_event(SyncEvent::new(&project, campaign().events.remove(0))).await;
        let recovered = synced.as_ref().is_ok_and(|synced| synced.outcome == SyncOutcome::Recovered);
        assert_eq!(recovered, mock.capabilities().can(Capability::RecoverCreates), "{contract:?}: {synced:?}");
        assert!(recovered || synced.is_err_and(|error| error.maybe_applied()));
    }
}

#[tokio::test]
async fn the_words_for_a_status_mean_what_the_service_reports() {
    for contract in crate::BOTH {
        let mock = builder(contract).past_events(60).build().unwrap();
        let project = mock.create_project(CreateProject::new(&campaign())).await.unwrap();
        let words = mock.capabilities().status_words();
        for event in mock.fake().events() {
            let ours = format!("event-{}", event.id).parse().unwrap();
            let key = mock.client().event_key(&project.id, &ours).await.unwrap();
            mock.client().links().record(&key, Remote::new(event.id.to_string())).await.unwrap();
            let report = mock.event_status(EventStatusRequest::new(&project, ours)).await.unwrap();
            let meaning = words.iter().find(|(word, _)| *word == report.raw).map(|(_, meaning)| meaning);
            assert_eq!(meaning, Some(&report.status), "{report:?}");
        }
    }
}

#[test]
fn an_implementation_that_does_not_say_can_do_nothing() {
    struct Silent;
    impl BrandscopicService for Silent {}
    let boxed: Box<dyn BrandscopicService> = Box::new(Silent);
    assert!(boxed.capabilities().iter().all(|(capability, reason)| {
        reason.is_some() && boxed.capabilities().check(capability).is_err_and(|e| e.kind() == ErrorKind::Unsupported)
    }));
}
