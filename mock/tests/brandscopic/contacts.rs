use connectors_brandscopic::Contract;
use connectors_brandscopic::native::{ContactUpdate, NewContact};
use connectors_core::{ErrorKind, Result};
use connectors_mock::{Fault, MockBrandscopic};

fn mock() -> MockBrandscopic {
    MockBrandscopic::builder().contract(Contract::Native).build().unwrap()
}

fn kim(city: &str, country: &str) -> NewContact {
    NewContact::new("Kim", "Lee", city, "IL", country)
}

#[tokio::test]
async fn a_contact_has_the_code_of_its_country_and_the_name_beside_it() -> Result<()> {
    let mock = mock();
    let contacts = mock.client().native()?.contacts();
    let made =
        contacts.create(&kim("Chicago", "US").with(|kim| kim.street1("1 Lake Street").street2("Flat 3"))).await?;
    assert_eq!((made.country_code.as_deref(), made.country_name.as_deref()), (Some("US"), Some("United States")));
    assert_eq!(made.street_address.as_deref(), Some("1 Lake Street Flat 3"));
    let shown = format!("{made:?}");
    assert!(!shown.contains("Kim") && !shown.contains("Lake"), "{shown}");

    let changed = contacts.update(made.id, &ContactUpdate::new().street2("").email("kim@example.com")).await?;
    assert_eq!((changed.street2, changed.city.as_deref()), (None, Some("Chicago")), "what is not named stays");
    assert_eq!(contacts.list().await?.len(), 3);
    Ok(())
}

#[tokio::test]
async fn a_contact_that_would_be_refused_is_not_sent() -> Result<()> {
    let mock = mock();
    let contacts = mock.client().native()?.contacts();
    let id = contacts.list().await?[0].id;
    for (request, field) in [
        (contacts.create(&kim(" ", "US")), "city"),
        (contacts.create(&kim("Chicago", "United States")), "country"),
        (contacts.create(&kim("Chicago", "us")), "country"),
        (contacts.create(&kim("Chicago", "US").with(|kim| kim.email("kim at example"))), "email"),
        (contacts.update(id, &ContactUpdate::new()), "update"),
        (contacts.update(id, &ContactUpdate::new().last_name("")), "last_name"),
        (contacts.get(0.into()), "id"),
    ] {
        let error = request.await.unwrap_err();
        assert_eq!((error.field(), error.attempts()), (Some(field), 0));
    }
    // A state of another country is for the server to tell.
    let error = contacts.create(&NewContact::new("Kim", "Lee", "Toronto", "ON", "US")).await.unwrap_err();
    assert_eq!((error.kind(), error.field()), (ErrorKind::InvalidRequest, Some("state")));
    Ok(())
}

#[tokio::test]
async fn a_contact_is_added_once_whatever_happens_to_the_answer() -> Result<()> {
    let mock = mock();
    let contacts = mock.client().native()?.contacts();
    let before = contacts.list().await?.len();
    mock.backend().script("contacts.create", [Fault::ResetAfter]);
    assert!(contacts.create(&kim("Chicago", "US")).await.unwrap_err().maybe_applied());
    assert_eq!(contacts.list().await?.len(), before + 1);
    Ok(())
}
