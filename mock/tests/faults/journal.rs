//! What the journal tells, and how its assertions fail.

use connectors_core::Result;
use connectors_mock::MockQrTiger;
use serde::Deserialize;

use crate::{PAGE, in_process, message};

#[derive(Debug, PartialEq, Deserialize)]
struct Edit {
    #[serde(rename = "qrName")]
    name: String,
}

async fn mock() -> Result<MockQrTiger> {
    let mock = MockQrTiger::new();
    let campaigns = in_process(&mock).campaigns();
    let id = campaigns.create(PAGE).await?.id;
    campaigns.edit(&id).name("Menu").await?;
    campaigns.edit(&id).name("Card").await?;
    campaigns.page(1).await?;
    Ok(mock)
}

#[tokio::test]
async fn requests_are_counted_ordered_and_read() -> Result<()> {
    let mock = mock().await?;
    let journal = mock.backend().journal();
    journal.assert_called("campaigns.create");
    journal.assert_not_called("tracking.*");
    journal.assert_count("campaigns.edit", 2);
    journal.assert_count("campaigns.*", 4);
    journal.assert_order(["campaigns.create", "campaigns.edit", "campaigns.list"]);
    let bodies: Vec<Edit> = journal.bodies("campaigns.edit");
    assert_eq!(bodies, [Edit { name: "Menu".to_owned() }, Edit { name: "Card".to_owned() }]);
    assert_eq!(mock.backend().count("campaigns.*"), 4);
    assert!(journal.iter().map(|entry| entry.number).eq(1..=4));
    Ok(())
}

#[tokio::test]
async fn a_failed_assertion_shows_what_was_sent_and_no_key() -> Result<()> {
    let mock = mock().await?;
    let journal = mock.backend().journal();
    for (said, about) in [
        (message(|| journal.assert_called("tracking.data")), "tracking.data was never called"),
        (message(|| journal.assert_not_called("campaigns.edit")), "campaigns.edit was called 2 times, not 0"),
        (message(|| journal.assert_count("campaigns.edit", 3)), "campaigns.edit was called 2 times, not 3"),
        (message(|| journal.assert_order(["campaigns.list", "campaigns.edit"])), "campaigns.edit was not called"),
    ] {
        assert!(said.contains(about) && said.contains("the last of 4 requests"), "{said}");
        assert!(said.contains("POST /api/campaign/ -> 200") && !said.contains("mock-key"), "{said}");
    }
    let said = message(|| drop(journal.bodies::<Edit>("campaigns.create")));
    assert!(said.contains("missing field `qrName`"), "{said}");
    Ok(())
}
