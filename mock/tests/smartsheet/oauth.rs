//! Apps that users let act for them.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use connectors_core::{Error, ErrorKind, MemoryTokenStore, Result, Token, TokenStore};
use connectors_mock::{Fault, MockSmartsheet};
use connectors_smartsheet::{
    AuthorizationCode, ErrorCode, OAuthApp, Redirect, Refusal, Scope, SmartsheetBuilder, SmartsheetClient,
    SmartsheetErrorExt,
};
use secrecy::ExposeSecret;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A token for these scopes.
async fn token(mock: &MockSmartsheet, scopes: &[Scope]) -> Token {
    let app = mock.oauth_app();
    app.exchange(&code(mock, &app, scopes)).await.unwrap()
}

fn code(mock: &MockSmartsheet, app: &OAuthApp, scopes: &[Scope]) -> AuthorizationCode {
    let page = app.authorization_url(scopes.iter().cloned(), "s-1").unwrap();
    Redirect::parse(&mock.consent(&page), "s-1").unwrap().into_code().unwrap()
}

async fn connected(mock: &MockSmartsheet) -> (SmartsheetClient, MemoryTokenStore) {
    let store = MemoryTokenStore::holding(token(mock, &[Scope::ReadSheets]).await);
    (mock.oauth_client(&mock.oauth_app(), Arc::new(store.clone())).unwrap(), store)
}

fn wait(mock: &MockSmartsheet, time: Duration) {
    mock.backend().advance(time);
}

fn text(token: &Token) -> String {
    token.to_text().expose_secret().to_owned()
}

#[tokio::test]
async fn a_token_is_refreshed_before_its_end_and_saved_before_its_use() {
    /// Looks at what was sent when something is saved.
    #[derive(Debug)]
    struct Watching(MemoryTokenStore, MockSmartsheet, Mutex<Vec<usize>>);

    #[async_trait]
    impl TokenStore for Watching {
        async fn load(&self) -> Result<Option<Token>> {
            self.0.load().await
        }

        async fn save(&self, token: &Token) -> Result<()> {
            self.2.lock().unwrap().push(self.1.backend().count("sheets.list"));
            self.0.save(token).await
        }
    }

    let mock = MockSmartsheet::new();
    let first = token(&mock, &[Scope::ReadSheets]).await;
    let store = Arc::new(Watching(MemoryTokenStore::holding(first.clone()), mock.clone(), Mutex::default()));
    let client = mock.oauth_client(&mock.oauth_app(), store.clone()).unwrap();
    client.sheets().list().await.unwrap();
    wait(&mock, (7 * DAY).checked_sub(Duration::from_secs(120)).unwrap());
    client.sheets().list().await.unwrap();
    assert_eq!(*store.2.lock().unwrap(), [1], "once, and before the call that needed it");
    assert_ne!(text(&first), text(&store.load().await.unwrap().unwrap()));
    let again = mock.oauth_client(&mock.oauth_app(), store.clone()).unwrap();
    again.sheets().list().await.unwrap();
    assert_eq!(mock.backend().count("oauth.exchange"), 2, "the next start goes on with what was saved");
}

#[tokio::test]
async fn a_call_that_is_answered_expired_is_sent_once_more_after_one_refresh_of_all() {
    let mock = MockSmartsheet::new();
    let token = token(&mock, &[Scope::ReadSheets]).await;
    // A store that does not know the end, as after a change of the machine's clock.
    let endless = Token::new(token.headers().to_vec(), None).with_refresh_token(token.refresh_token().unwrap().clone());
    let client = mock.oauth_client(&mock.oauth_app(), Arc::new(MemoryTokenStore::holding(endless))).unwrap();
    client.sheets().list().await.unwrap();
    wait(&mock, 8 * DAY);
    let calls = (0..20).map(|_| async { client.sheets().list().send().await.unwrap().meta().attempts });
    let attempts = futures_util::future::join_all(calls).await;
    assert!(attempts.iter().all(|attempts| *attempts <= 2) && attempts.contains(&2), "{attempts:?}");
    assert_eq!(mock.backend().count("oauth.exchange"), 2, "the exchange, and one refresh");
}

#[tokio::test]
async fn nothing_secret_is_sent_but_what_has_to_be() {
    let mock = MockSmartsheet::new();
    let token = token(&mock, &[Scope::ReadSheets]).await;
    mock.oauth_app().refresh(&token).await.unwrap();
    let journal = mock.backend().journal();
    assert_eq!(journal.len(), 2);
    for entry in &journal {
        assert!(entry.query.is_none() && !entry.headers.contains_key("authorization"), "{entry:?}");
        let body = String::from_utf8(entry.body.to_vec()).unwrap();
        assert!(body.contains("&hash=") && !body.contains("secret"), "{body}");
    }
}

#[tokio::test]
async fn a_lost_answer_to_a_refresh_says_that_both_tokens_may_be_dead() {
    let mock = MockSmartsheet::new();
    let token = token(&mock, &[Scope::ReadSheets]).await;
    mock.backend().script("oauth.exchange", [Fault::ResetAfter]);
    let error = mock.oauth_app().refresh(&token).await.unwrap_err();
    assert!(error.maybe_applied() && error.hint().unwrap().contains("both old tokens may be dead"), "{error:#}");
    assert_eq!(mock.backend().count("oauth.exchange"), 2, "not repeated");
    let refused = mock.oauth_app().refresh(&token).await.unwrap_err();
    assert_eq!((refused.kind(), refused.smartsheet_code()), (ErrorKind::Auth, Some(ErrorCode::GRANT_INVALID)));
    assert_eq!(refused.hint(), Some("let the user authorize the app again"));

    // One that did not arrive is repeated.
    let (client, store) = connected(&mock).await;
    wait(&mock, 8 * DAY);
    mock.backend().script("oauth.exchange", [Fault::Refused, Fault::Throttle(None), Fault::Status(503)]);
    client.sheets().list().await.unwrap();
    assert!(store.load().await.unwrap().unwrap().expires_at().unwrap() > mock.backend().clock().now_utc());

    // In a call of a client, the refresh may have happened, but not the call.
    wait(&mock, 8 * DAY);
    mock.backend().script("oauth.exchange", [Fault::ResetAfter]);
    let error = client.sheets().list().await.unwrap_err();
    assert!(!error.maybe_applied() && error.hint().unwrap().contains("both old tokens may be dead"), "{error:#}");
    assert_eq!(error.operation(), "oauth.refresh");
}

#[tokio::test]
async fn codes_are_good_once_and_for_ten_minutes() {
    let mock = MockSmartsheet::new();
    let app = mock.oauth_app();
    let refused = async |code: &AuthorizationCode| {
        let error = app.exchange(code).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Auth, "{error:#}");
        error.smartsheet_code().unwrap()
    };
    let good = code(&mock, &app, &[Scope::ReadSheets]);
    app.exchange(&good).await.unwrap();
    assert_eq!(refused(&good).await, ErrorCode::GRANT_INVALID);
    let late = code(&mock, &app, &[Scope::ReadSheets]);
    wait(&mock, late.expires_in().unwrap());
    assert_eq!(refused(&late).await, ErrorCode::CODE_EXPIRED);
    assert_eq!(refused(&AuthorizationCode::new("made up")).await, ErrorCode::GRANT_INVALID);

    let page = app.authorization_url([Scope::ReadSheets], "s-1").unwrap();
    let back = mock.fake().refuse(&page, mock.backend().clock().now_utc());
    assert!(matches!(Redirect::parse(&back, "s-1").unwrap(), Redirect::Refused(Refusal::AccessDenied)));
    let page = app.authorization_url([Scope::from("READ_MINDS")], "s-1").unwrap();
    assert!(matches!(Redirect::parse(&mock.consent(&page), "s-1").unwrap(), Redirect::Refused(Refusal::InvalidScope)));
}

#[tokio::test]
async fn an_app_that_is_set_up_wrongly_is_told_so() {
    let mock = MockSmartsheet::new();
    let on = |id: &str, secret: &str| {
        let transport = Arc::new(connectors_mock::InProcess::new(mock.backend().clone()));
        OAuthApp::builder(id, secret).api_url("https://api.smartsheet.test/2.0").transport(transport)
    };
    let code = code(&mock, &mock.oauth_app(), &[Scope::ReadSheets]);
    for (app, code_of_error, kind) in [
        (on("another", "mock-app-secret"), ErrorCode::CLIENT_ID_INVALID, ErrorKind::Auth),
        (on("mock-app", "wrong"), ErrorCode::HASH_MISMATCH, ErrorKind::Auth),
        (
            on("mock-app", "mock-app-secret").redirect_uri("https://other.example.com/".parse().unwrap()),
            ErrorCode::REDIRECT_MISMATCH,
            ErrorKind::Config,
        ),
    ] {
        let error = app.build().unwrap().exchange(&code).await.unwrap_err();
        assert_eq!((error.smartsheet_code(), error.kind()), (Some(code_of_error), kind), "{error:#}");
        assert!(!error.maybe_applied() && error.hint().is_some());
    }
    mock.oauth_app().exchange(&code).await.expect("nothing of that used the code up");

    let (app, store) = (mock.oauth_app(), Arc::new(MemoryTokenStore::default()));
    let elsewhere =
        SmartsheetBuilder::default().oauth(app.clone(), store.clone()).api_url("https://api.smartsheet.eu/2.0");
    assert_eq!(elsewhere.build().unwrap_err().field(), Some("api_url"));
    let error = mock.oauth_client(&app, store).unwrap().sheets().list().await.unwrap_err();
    assert_eq!((error.kind(), error.message()), (ErrorKind::Auth, "there is no token in the store"));
}

#[tokio::test]
async fn an_app_does_what_its_scopes_allow() {
    let mock = MockSmartsheet::new();
    let (client, _) = connected(&mock).await;
    let sheet = mock.store_list_id();
    client.sheets().get(sheet).await.unwrap();
    assert_eq!(client.users().me().await.unwrap().name(), "Mona Mock", "who it is may always be asked");
    let error: Error = client.sheets().delete(sheet).await.unwrap_err();
    assert_eq!((error.kind(), error.smartsheet_code()), (ErrorKind::PermissionDenied, Some(ErrorCode::FORBIDDEN)));
    client.sheets().get(sheet).await.unwrap();
}

#[tokio::test]
async fn revoked_is_revoked() {
    let mock = MockSmartsheet::new();
    let app = mock.oauth_app();
    let (here, store) = connected(&mock).await;
    let (there, _) = connected(&mock).await;
    here.tokens().revoke().await.unwrap();
    let error = here.sheets().list().await.unwrap_err();
    assert_eq!((error.kind(), error.smartsheet_code()), (ErrorKind::Auth, Some(ErrorCode::TOKEN_REVOKED)), "{error:#}");
    there.sheets().list().await.unwrap();

    // The user authorizes it again; the client goes on with what is in the store.
    store.save(&token(&mock, &[Scope::ReadSheets]).await).await.unwrap();
    here.sheets().list().await.unwrap();
    let other = token(&mock, &[Scope::ReadSheets]).await;
    app.revoke(&other).all_of_app().await.unwrap();
    assert_eq!(here.sheets().list().await.unwrap_err().kind(), ErrorKind::Auth);
    assert_eq!(there.sheets().list().await.unwrap_err().kind(), ErrorKind::Auth);
    mock.client().sheets().list().await.expect("keys that are no app's stay");
}
