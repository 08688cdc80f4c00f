//! An app that acts for a user: authorise, exchange the code, call, let the token end, watch it renew, revoke.
//!
//! Runs on the mock, without key or network: `cargo run --example smartsheet_oauth`. For the real service, make the app
//! with `OAuthApp::builder(client_id, client_secret).build()?` and the client with
//! `SmartsheetClient::builder().oauth(app, store).build()?`; the user's browser does what `consent` does here.

use std::sync::Arc;
use std::time::Duration;

use connectors_core::{Clock, FileTokenStore, Result, TokenStore};
use connectors_mock::MockSmartsheet;
use connectors_smartsheet::{Redirect, Scope};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[tokio::main]
async fn main() -> Result<()> {
    let mock = MockSmartsheet::new();
    let clock = Arc::clone(mock.backend().clock());
    let app = mock.oauth_app();

    // 1. The user is sent to a page that asks them. The state is random in a real app, and kept in their session.
    let state = "2b7e151628aed2a6abf7158809cf4f3c";
    let page = app.authorization_url([Scope::ReadSheets, Scope::WriteSheets], state)?;
    println!("sent to    {}{}", page.host_str().unwrap_or_default(), page.path());

    // 2. They agree, and their browser comes back. A wrong state is an error: somebody else's visit.
    let back = mock.consent(&page);
    let code = Redirect::parse(&back, state)?.into_code()?;
    println!("back with  a code that is good for {:?}", code.expires_in().unwrap_or_default());

    // 3. The code becomes a token, which is kept before anything else. One store for each user.
    let path = std::env::temp_dir().join(format!("smartsheet-oauth-{}.token", std::process::id()));
    let store = Arc::new(FileTokenStore::new(&path));
    let token = app.exchange(&code).await?;
    store.save(&token).await?;
    show("exchanged", store.as_ref(), clock.as_ref()).await?;

    // 4. From here on, the client minds the token by itself.
    let smartsheet = mock.oauth_client(&app, store.clone())?;
    let me = smartsheet.users().me().await?;
    println!("acts for   {}, who sees {} sheets", me.name(), smartsheet.sheets().list().await?.data.len());

    // A week later the token has ended. Thirty calls at once wait for one refresh; the new pair is in the file before
    // any of them is sent.
    clock.sleep(8 * DAY).await;
    let calls = (0..30).map(|_| async { smartsheet.sheets().list().await });
    futures_util::future::try_join_all(calls).await?;
    show("refreshed", store.as_ref(), clock.as_ref()).await?;
    let requests = mock.backend().count("oauth.exchange");
    println!("           {requests} requests for tokens so far: the exchange and one refresh");

    // What the scopes do not allow stays forbidden, whatever the user may do.
    let forbidden = smartsheet.sheets().delete(mock.template_id()).await;
    println!("forbidden  {}", forbidden.map_or_else(|error| error.to_string(), |()| "nothing".to_owned()));

    // 5. The user disconnects the app.
    smartsheet.tokens().revoke().all_of_app().await?;
    let refused = smartsheet.sheets().list().await;
    println!("revoked    {}", refused.map_or_else(|error| error.to_string(), |_| "nothing".to_owned()));
    // What is in the file is worth nothing now; that it cannot be deleted would be no harm.
    drop(std::fs::remove_file(path));
    Ok(())
}

async fn show(what: &str, store: &dyn TokenStore, clock: &dyn Clock) -> Result<()> {
    let ends_at = store.load().await?.and_then(|token| token.expires_at());
    let left = ends_at.map(|end| (end - clock.now_utc()).num_hours()).unwrap_or_default();
    println!("{what:10} a token that ends in {left} hours");
    Ok(())
}
