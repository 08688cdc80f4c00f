//! A recap, from the event that waits for it to its approval: results, a photo, an expense with its receipt.
//!
//! Runs on the mock: `cargo run --example brandscopic_recap`.

use std::error::Error;

use connectors_brandscopic::Contract;
use connectors_brandscopic::native::{Amount, ExpenseDraft, NewFile, NotSubmitted, Recap};
use connectors_mock::{FakeRecap, MockBrandscopic};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    // `BrandscopicClient::from_env()?` is the real thing; `native()` is what Brandscopic itself serves.
    let mock = MockBrandscopic::builder().contract(Contract::Native).past_events(12).build()?;
    for event in mock.fake().events().iter().take(3) {
        mock.fake().set_recap(event.id, FakeRecap::Unsent);
    }
    let brandscopic = mock.client().native()?;
    let (events, expenses) = (brandscopic.events(), brandscopic.expenses());

    for facet in events.status_facets().await? {
        println!("{:<10} {}", facet.event_status.as_str(), facet.count);
    }
    let waiting = events.list().event_status([Recap::Late, Recap::Due]).await?;
    let Some(event) = waiting.results.first() else { return Ok(()) };
    let place = event.place.as_ref().and_then(|place| place.name.as_deref()).unwrap_or("somewhere");
    println!("\nno recap yet: event {} at {place}, {}", event.id, event.start);

    // The campaign says what it asks for, and what may be answered: a wrong answer is refused here.
    let form = events.results(event.id).await?;
    for field in form.fields() {
        println!("  {} {} ({:?})", if field.required { "*" } else { " " }, field.name, field.kind);
    }
    let asked = |name: &str| form.named(name).ok_or_else(|| format!("the campaign does not ask for {name}"));
    let (guests, samples) = (asked("Guests")?, asked("Samples poured")?);
    if let Err(error) = samples.answer(-1) {
        println!("{error}");
    }

    // Each file goes to the storage and is then registered; the key of the user stays here.
    let photo = NewFile::new("crowd.jpg", &b"\xff\xd8\xff\xe0 a crowd"[..]);
    let photo = brandscopic.photos().upload(event.id, photo).await?;
    let ice = ExpenseDraft::new("Supplies", event.start.date(), Amount::hundredths(4_250)).merchant("Ice & Co.");
    let receipt = NewFile::new("receipt.pdf", &b"%PDF-1.4"[..]);
    let ice = expenses.create_with_receipt(event.id, ice, receipt).await?;
    println!("photo {} and expense {} are there", photo.id, ice.id);

    let answers = [guests.answer(184)?, samples.answer(96)?];
    match events.submit_with_results(event.id, &answers).await {
        Ok(()) => println!("submitted"),
        Err(NotSubmitted::Saved(error)) => println!("saved, but not submitted: {error}"),
        Err(other) => return Err(other.into()),
    }

    // The other side of the desk.
    events.reject(event.id, "How many of them were new to the brand?").await?;
    let rejection = events.get(event.id).await?.rejection;
    println!("rejected: {}", rejection.and_then(|rejection| rejection.reason).unwrap_or_default());
    events.submit(event.id).await?;
    events.approve(event.id).await?;
    println!("and in the end {}", events.get(event.id).await?.event_status);
    Ok(())
}
