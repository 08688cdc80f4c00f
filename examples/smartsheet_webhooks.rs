//! Webhooks, from both ends: a small axum server takes the callbacks of the fake's HTTP server, and knows its own
//! changes from those of others.
//!
//! `cargo run --example smartsheet_webhooks`. For the real service, use `SmartsheetClient::from_env()?`, a sheet of your
//! own, and a public https address that leads to this server: Smartsheet calls no other.

use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Response};
use axum::routing::post;
use connectors_mock::{MockServer, MockSmartsheet};
use connectors_smartsheet::{
    Callback, CellWrite, Incoming, NewRow, NewWebhook, RowId, RowUpdate, SmartsheetClient, WebhookReceiver,
};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::time::timeout;

/// Sent with every change, and told back in the callbacks that it causes.
const AGENT: &str = "store-robot";

/// What the route needs: who checks the callbacks, and where they go.
#[derive(Clone)]
struct Hook {
    receiver: WebhookReceiver,
    queue: mpsc::Sender<Callback>,
}

/// The route. What it does is quick: callbacks are worked on elsewhere, for Smartsheet does not wait long.
async fn hook(State(hook): State<Hook>, headers: HeaderMap, body: Bytes) -> Response<Body> {
    let reply = match hook.receiver.receive(&headers, &body) {
        Ok(Incoming::Callback(callback)) => match hook.queue.try_send(callback.clone()) {
            Ok(()) => Incoming::Callback(callback).reply(),
            // The queue is full: Smartsheet will send it again.
            Err(_) => hook.receiver.postpone(&callback),
        },
        Ok(incoming) => {
            println!("receiver: {}", what(&incoming));
            incoming.reply()
        }
        Err(refusal) => {
            println!("receiver: refused, {refusal}");
            refusal.reply()
        }
    };
    reply.map(Body::from)
}

fn what(incoming: &Incoming) -> String {
    match incoming {
        Incoming::Challenge { webhook_id, .. } => format!("answered the challenge for webhook {webhook_id}"),
        Incoming::StatusChange(change) => format!("webhook {} is {} now", change.webhook_id, change.status),
        Incoming::Duplicate { webhook_id } => format!("a callback of webhook {webhook_id} came again"),
        _ => "something new".to_owned(),
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mock = MockSmartsheet::new();
    let server = MockServer::start([("/smartsheet", mock.backend().clone())]).await?;
    let builder = SmartsheetClient::builder().access_token("mock-key").change_agent(AGENT);
    let smartsheet = builder.api_url(format!("{}/2.0", server.url("/smartsheet"))).build()?;
    let sheet = mock.store_list_id();

    let (queue, mut callbacks) = mpsc::channel(64);
    let receiver = WebhookReceiver::builder().change_agent(AGENT).build();
    let routes = Router::new().route("/smartsheet", post(hook));
    let routes = routes.with_state(Hook { receiver: receiver.clone(), queue });
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/smartsheet", listener.local_addr()?);
    tokio::spawn(async move { axum::serve(listener, routes).await });

    // On this machine there is no https, which the client would insist on.
    let new = NewWebhook::sheet("Stores", url, sheet);
    let ensured = smartsheet.webhooks().ensure(new).receiver(&receiver).skip_validation().await?;
    println!("webhook {}: {:?}, {}", ensured.webhook.id, ensured.by, ensured.webhook.callback_url);

    // A change of our own, and one that somebody makes in the browser.
    let name = smartsheet.columns().list(sheet).await?.into_iter().find(|column| column.primary);
    let name = name.ok_or("a sheet has a primary column")?.id;
    let added = smartsheet.rows().add(sheet, [NewRow::new([CellWrite::value(name, "Alexanderplatz")])]).await?;
    let row = added.result.first().ok_or("a row was added")?.id;
    mock.fake().set_cell(sheet, row, "City", "Berlin");

    let mut foreign = 0;
    while foreign == 0 {
        let callback = timeout(Duration::from_secs(30), callbacks.recv()).await?.ok_or("the receiver has stopped")?;
        if callback.is_own() {
            println!("callback: {} events of our own, ignored", callback.events.len());
            continue;
        }
        for event in callback.foreign() {
            let (object, kind) = (&event.object_type, &event.event_type);
            let place = event.row_id.map(|row| format!(" in row {row}")).unwrap_or_default();
            println!("callback: {object} {kind}{place}");
            foreign += 1;
        }
        // Callbacks tell what was changed, not how: that is to be read. To answer with a change of one's own would go
        // round in a circle, but for the change agent.
        let rows: Vec<RowId> = callback.foreign().filter_map(|event| event.row_id).collect();
        let read = smartsheet.sheets().get(sheet).row_ids(rows).await?;
        for row in &read.rows {
            let cells: Vec<_> = row.cells.iter().map(ToString::to_string).filter(|text| !text.is_empty()).collect();
            println!("row {}: {}", row.row_number, cells.join(", "));
            let checked = RowUpdate::new(row.id, [CellWrite::value(name, "Alexanderplatz, checked")]);
            smartsheet.rows().update(sheet, [checked]).await?;
        }
    }
    let last = timeout(Duration::from_secs(30), callbacks.recv()).await?.ok_or("the receiver has stopped")?;
    println!("callback: {} events, all our own: {}", last.events.len(), last.is_own());
    Ok(())
}
