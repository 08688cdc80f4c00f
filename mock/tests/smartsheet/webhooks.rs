//! Webhooks, from both ends.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use connectors_core::ErrorKind;
use connectors_core::testing::VirtualClock;
use connectors_mock::{Fault, MockServer, MockSmartsheet};
use connectors_smartsheet::{
    Callback, CallbackEventType, CallbackObject, CellWrite, ColumnId, EnsuredBy, Incoming, NewRow, NewWebhook, PlanId,
    RowUpdate, SheetId, SmartsheetErrorExt, Webhook, WebhookId, WebhookReceiver, WebhookRefusal, WebhookStatus,
    WebhookUpdate,
};
use futures_util::TryStreamExt;
use http::{HeaderMap, HeaderValue, Response, StatusCode};
use secrecy::ExposeSecret;
use std::sync::Mutex;

const URL: &str = "https://hooks.example.com/smartsheet";

/// A mock, its clock, a receiver behind [`URL`], and what came in there.
struct Stage {
    mock: MockSmartsheet,
    clock: VirtualClock,
    receiver: WebhookReceiver,
    came: Arc<Mutex<Vec<Result<Incoming, WebhookRefusal>>>>,
    /// What is answered in place of the receiver's own reply.
    instead: Arc<Mutex<Option<StatusCode>>>,
}

impl Stage {
    fn new() -> Self {
        let clock = VirtualClock::default();
        let mock = MockSmartsheet::builder().clock(Arc::new(clock.clone())).client(|b| b.change_agent("fizz")).build();
        let receiver = WebhookReceiver::builder().change_agent("fizz").clock(Arc::new(clock.clone())).build();
        let stage = Self { mock: mock.unwrap(), clock, receiver, came: Arc::default(), instead: Arc::default() };
        let (receiver, came, instead) = (stage.receiver.clone(), stage.came.clone(), stage.instead.clone());
        stage.mock.fake().receive_callbacks(URL, move |request| {
            let outcome = receiver.receive(request.headers(), request.body());
            let reply = outcome.as_ref().map_or_else(WebhookRefusal::reply, Incoming::reply);
            came.lock().unwrap().push(outcome);
            match *instead.lock().unwrap() {
                Some(status) => Response::builder().status(status).body(Bytes::new()).unwrap(),
                None => reply,
            }
        });
        stage
    }

    fn sheet(&self) -> SheetId {
        self.mock.store_list_id()
    }

    async fn on(&self) -> Webhook {
        let new = NewWebhook::sheet("Stores", URL, self.sheet());
        self.mock.client().webhooks().ensure(new).receiver(&self.receiver).await.unwrap().webhook
    }

    /// Delivers what is due, and gives what the receiver made of it.
    fn deliver(&self) -> Vec<Incoming> {
        self.came.lock().unwrap().clear();
        self.mock.deliver_callbacks();
        self.came.lock().unwrap().drain(..).map(Result::unwrap).collect()
    }

    fn callback(&self) -> Callback {
        match self.deliver().as_slice() {
            [Incoming::Callback(callback)] => callback.clone(),
            other => panic!("{other:?}"),
        }
    }

    async fn column(&self) -> ColumnId {
        self.mock.client().columns().list(self.sheet()).await.unwrap()[0].id
    }
}

fn status_of(webhook: &Webhook) -> &str {
    webhook.status.as_ref().unwrap().as_str()
}

#[tokio::test]
async fn changes_of_a_sheet_come_as_signed_callbacks_and_ones_own_are_marked() {
    let stage = Stage::new();
    let webhook = stage.on().await;
    assert!(matches!(stage.came.lock().unwrap()[..], [Ok(Incoming::Challenge { .. })]), "it was challenged once");
    let column = stage.column().await;
    let rows = stage.mock.client().rows();
    let added = rows.add(stage.sheet(), [NewRow::new([CellWrite::value(column, "Own")])]).await.unwrap().result;
    let own = stage.callback();
    assert_eq!((own.webhook_id, own.sheet(), own.is_own()), (webhook.id, Some(stage.sheet()), true));
    let kinds: Vec<_> = own.events.iter().map(|event| (&event.object_type, &event.event_type)).collect();
    let (created, updated) = (&CallbackEventType::Created, &CallbackEventType::Updated);
    let expected =
        [(&CallbackObject::Sheet, updated), (&CallbackObject::Row, created), (&CallbackObject::Cell, created)];
    assert_eq!(kinds, expected);
    let cell = &own.events[2];
    assert_eq!((cell.id, cell.row_id, cell.column_id), (None, Some(added[0].id), Some(column)));
    assert!(cell.user_id.is_some() && cell.timestamp.is_some());

    assert!(stage.mock.fake().set_cell(stage.sheet(), added[0].id, "Store", "By hand"));
    let theirs = stage.callback();
    assert_eq!((theirs.foreign().count(), theirs.is_own()), (3, false));

    rows.delete(stage.sheet(), [added[0].id]).await.unwrap();
    let gone = &stage.callback().events[1];
    assert_eq!((&gone.event_type, gone.id), (&CallbackEventType::Deleted, Some(added[0].id.get())));
    rows.get(stage.sheet(), added[0].id).await.unwrap_err();
    stage.mock.client().sheets().get(stage.sheet()).await.unwrap();
    assert!(stage.deliver().is_empty(), "reading and failing changes nothing");
}

#[tokio::test]
async fn a_callback_can_be_triggered_without_a_change() {
    let stage = Stage::new();
    let webhook = stage.on().await;
    stage.mock.backend().trigger(&format!("{{\"webhook\":{}}}", webhook.id)).unwrap();
    let told = stage.callback();
    assert_eq!((told.webhook_id, told.sheet(), told.is_own()), (webhook.id, Some(stage.sheet()), false));
    assert_eq!((told.events[0].id, told.events[0].timestamp.is_some()), (Some(stage.sheet().get()), true));

    let events = r#"[{"objectType":"row","eventType":"deleted","id":7,"changeAgent":"fizz"}]"#;
    stage.mock.backend().trigger(&format!("{{\"webhook\":{},\"events\":{events}}}", webhook.id)).unwrap();
    let told = stage.callback();
    assert_eq!((told.events[0].id, &told.events[0].event_type), (Some(7), &CallbackEventType::Deleted));
    assert!(told.is_own());

    let refused = |event: &str| stage.mock.backend().trigger(event).unwrap_err();
    assert_eq!(refused(r#"{"webhook":1}"#).field(), Some("webhook"));
    assert_eq!(refused(r#"{"webhook":1,"events":[{"objectType":"row"}]}"#).field(), Some("events[0]"));
    stage.mock.client().webhooks().disable(webhook.id).await.unwrap();
    stage.deliver();
    let now = stage.mock.backend().clock().now_utc();
    let off = stage.mock.fake().trigger_webhook(webhook.id, now).unwrap_err();
    assert_eq!(off.kind(), ErrorKind::InvalidRequest);
    assert!(stage.deliver().is_empty());
}

#[tokio::test]
async fn a_subscope_narrows_to_columns_but_deleted_rows_are_told() {
    let stage = Stage::new();
    let columns = stage.mock.client().columns().list(stage.sheet()).await.unwrap();
    let new = NewWebhook::sheet("City", URL, stage.sheet()).columns([columns[4].id]);
    stage.mock.client().webhooks().ensure(new).receiver(&stage.receiver).await.unwrap();
    let row = stage.mock.fake().rows(stage.sheet())[0].id;
    let rows = stage.mock.client().rows();
    let change = |column: usize| [RowUpdate::new(row, [CellWrite::value(columns[column].id, "Berlin").strict(false)])];
    rows.update(stage.sheet(), change(0)).await.unwrap();
    assert!(stage.deliver().is_empty());
    rows.update(stage.sheet(), change(4)).await.unwrap();
    let told = stage.callback();
    assert_eq!((told.events.len(), told.events[0].column_id), (1, Some(columns[4].id)));
    rows.delete(stage.sheet(), [row]).await.unwrap();
    assert_eq!(stage.callback().events[0].id, Some(row.get()));
}

#[tokio::test]
async fn one_webhook_for_one_purpose() {
    let stage = Stage::new();
    let webhooks = stage.mock.client().webhooks();
    let new = NewWebhook::sheet("Stores", URL, stage.sheet());
    let ensure = || webhooks.ensure(new.clone()).receiver(&stage.receiver);
    // The answer to the create is lost, but what it made is found.
    stage.mock.backend().script("webhooks.create", [Fault::ResetAfter]);
    let first = ensure().await.unwrap();
    assert_eq!((first.by, status_of(&first.webhook)), (EnsuredBy::Created, "ENABLED"));
    assert_eq!(ensure().await.unwrap().by, EnsuredBy::Found);
    webhooks.disable(first.webhook.id).await.unwrap();
    let again = ensure().await.unwrap();
    assert_eq!((again.by, again.webhook.id), (EnsuredBy::Enabled, first.webhook.id));
    let (one, two) = futures_util::join!(ensure().into_future(), ensure().into_future());
    assert_eq!(one.unwrap().webhook.id, two.unwrap().webhook.id);
    assert_eq!(stage.mock.backend().count("webhooks.create"), 1);

    // Of two all the same, the oldest speaks.
    let second = webhooks.create(new.clone()).await.unwrap();
    stage.receiver.add(&second);
    webhooks.enable(second.id).await.unwrap();
    assert_eq!(ensure().await.unwrap().webhook.id, first.webhook.id, "the oldest is kept");
    stage.deliver();
    stage.mock.fake().add_row(stage.sheet(), &[]);
    assert_eq!(stage.callback().webhook_id, first.webhook.id);

    let narrow = webhooks.ensure(new.clone().columns([stage.column().await])).receiver(&stage.receiver).await.unwrap();
    assert_eq!(narrow.by, EnsuredBy::Created, "a part of the sheet is another purpose");
    let plan = NewWebhook::plan("Seats", URL, PlanId::new(7)).custom_header("X-Tenant", "fizz");
    webhooks.ensure(plan.clone()).receiver(&stage.receiver).await.unwrap();
    let narrowed = webhooks.ensure(plan.events(["user.*"])).receiver(&stage.receiver).await.unwrap();
    assert_eq!((narrowed.by, narrowed.webhook.events), (EnsuredBy::Updated, vec!["user.*".to_owned()]));
    assert_eq!(webhooks.list().page_size(2).pager().try_collect::<Vec<_>>().await.unwrap().len(), 4);
    let page = webhooks.list().await.unwrap();
    assert_eq!((page.total_count, page.data[0].name.as_str()), (Some(-1), "Seats"), "the newest comes first");
}

#[tokio::test]
async fn who_does_not_answer_the_challenge_is_not_called() {
    let stage = Stage::new();
    let webhooks = stage.mock.client().webhooks();
    let new = NewWebhook::sheet("Stores", URL, stage.sheet());
    // The receiver has not been told.
    let error = webhooks.ensure(new.clone()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert!(error.to_string().contains("DISABLED_VERIFICATION_FAILED"), "{error}");
    let known = &webhooks.list().await.unwrap().data[0];
    let refused = stage.came.lock().unwrap()[0].clone().unwrap_err();
    assert_eq!((&refused, refused.reply().status().as_u16()), (&WebhookRefusal::UnknownWebhook(known.id), 404));
    let asked = webhooks.update(known.id, WebhookUpdate::new().enabled(true)).await.unwrap();
    assert!(!asked.enabled, "the native call answers with the webhook as it is");
    assert_eq!(webhooks.ensure(new).receiver(&stage.receiver).await.unwrap().by, EnsuredBy::Enabled);
    let nobody = webhooks.create(NewWebhook::sheet("Lost", "https://example.net/", stage.sheet())).await.unwrap();
    assert_eq!(webhooks.enable(nobody.id).await.unwrap_err().kind(), ErrorKind::Conflict);
}

#[tokio::test]
async fn a_callback_is_repeated_until_it_is_taken_and_given_up_after_a_day() {
    let stage = Stage::new();
    let webhook = stage.on().await;
    stage.mock.fake().add_row(stage.sheet(), &[]);
    let Incoming::Callback(first) = stage.deliver().remove(0) else { panic!() };
    *stage.instead.lock().unwrap() = Some(StatusCode::BAD_GATEWAY);
    stage.mock.fake().add_row(stage.sheet(), &[]);
    let Incoming::Callback(second) = stage.deliver().remove(0) else { panic!() };
    assert_ne!(first.nonce, second.nonce);
    *stage.instead.lock().unwrap() = None;
    assert!(stage.deliver().is_empty(), "not at once");
    stage.clock.advance(Duration::from_secs(60));
    assert!(matches!(stage.deliver()[..], [Incoming::Duplicate { .. }]), "it had arrived, but we had not said so");

    // What could not be kept is asked for again.
    stage.mock.fake().add_row(stage.sheet(), &[]);
    *stage.instead.lock().unwrap() = Some(StatusCode::SERVICE_UNAVAILABLE);
    let third = stage.callback();
    assert_eq!(stage.receiver.postpone(&third).status(), StatusCode::SERVICE_UNAVAILABLE);
    *stage.instead.lock().unwrap() = None;
    stage.clock.advance(Duration::from_secs(60));
    assert_eq!(stage.callback(), third);

    *stage.instead.lock().unwrap() = Some(StatusCode::INTERNAL_SERVER_ERROR);
    stage.mock.fake().add_row(stage.sheet(), &[]);
    let (mut attempts, started) = (0, stage.clock.elapsed());
    loop {
        attempts += stage.mock.deliver_callbacks().len();
        let Some(_) = stage.mock.fake().next_callback() else { break };
        stage.clock.advance(Duration::from_secs(60));
    }
    assert_eq!(attempts, 15, "once, and fourteen times again");
    let hours = stage.clock.elapsed().checked_sub(started).unwrap().as_secs() / 3600;
    assert!((20..=30).contains(&hours), "after {hours} hours");
    let given_up = stage.mock.client().webhooks().get(webhook.id).await.unwrap();
    assert_eq!((given_up.enabled, status_of(&given_up)), (false, "DISABLED_CALLBACK_FAILED"));
    let stats = given_up.stats.unwrap();
    assert_eq!(stats.last_callback_attempt_retry_count, Some(14));
    assert!(stats.last_successful_callback < stats.last_callback_attempt);

    // 410 ends it at once.
    let webhook = stage.mock.client().webhooks();
    *stage.instead.lock().unwrap() = None;
    let webhook = webhook.enable(given_up.id).await.unwrap();
    *stage.instead.lock().unwrap() = Some(StatusCode::GONE);
    stage.mock.fake().add_row(stage.sheet(), &[]);
    stage.deliver();
    assert_eq!(stage.mock.fake().next_callback(), None);
    assert!(webhook.enabled);
}

#[tokio::test]
async fn every_hundred_callbacks_the_receiver_is_challenged_again() {
    let stage = Stage::new();
    let webhook = stage.on().await;
    for _ in 0..100 {
        stage.mock.fake().add_row(stage.sheet(), &[]);
    }
    assert_eq!(stage.deliver().len(), 100);
    stage.mock.fake().add_row(stage.sheet(), &[]);
    assert!(matches!(stage.deliver()[..], [Incoming::Challenge { .. }, Incoming::Callback(_)]));
    for _ in 0..99 {
        stage.mock.fake().add_row(stage.sheet(), &[]);
    }
    assert_eq!(stage.deliver().len(), 99);
    stage.receiver.remove(webhook.id);
    stage.mock.fake().add_row(stage.sheet(), &[]);
    stage.mock.deliver_callbacks();
    let webhook = stage.mock.client().webhooks().get(webhook.id).await.unwrap();
    assert_eq!(webhook.status, Some(WebhookStatus::DisabledVerificationFailed));
}

#[tokio::test]
async fn changes_of_the_status_are_told() {
    let stage = Stage::new();
    let webhook = stage.on().await;
    stage.mock.client().webhooks().disable(webhook.id).await.unwrap();
    let told = stage.deliver();
    let [Incoming::StatusChange(change)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!((change.webhook_id, &change.status), (webhook.id, &WebhookStatus::DisabledByOwner));
    stage.mock.client().webhooks().enable(webhook.id).await.unwrap();
    stage.mock.fake().delete_sheet(stage.sheet());
    let told = stage.deliver();
    let Some(Incoming::StatusChange(change)) = told.last() else { panic!("{told:?}") };
    assert_eq!(change.status, WebhookStatus::DisabledScopeInaccessible);
}

#[tokio::test]
async fn a_secret_is_replaced_without_losing_callbacks() {
    let stage = Stage::new();
    let webhook = stage.on().await;
    let new = stage.mock.client().webhooks().reset_shared_secret(webhook.id).await.unwrap().shared_secret;
    assert!(!format!("{new:?}").contains(new.expose_secret()) && !format!("{webhook:?}").contains("nonce"));
    stage.mock.fake().add_row(stage.sheet(), &[]);
    stage.came.lock().unwrap().clear();
    let delivered = stage.mock.deliver_callbacks();
    assert_eq!(delivered[0].status, Some(StatusCode::UNAUTHORIZED), "nobody has told the receiver");
    stage.receiver.add_secret(webhook.id, new);
    stage.clock.advance(Duration::from_secs(60));
    stage.callback();
}

#[test]
fn what_is_not_smartsheets_is_refused_before_it_is_read() {
    // The example of RFC 4231, test case 2, with a key of ours.
    let receiver = WebhookReceiver::builder().body_cap(200).build();
    let id = WebhookId::new(4_509_506_114_742_148);
    receiver.add_secret(id, "old");
    receiver.add_secret(id, "Jefe");
    let signature = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
    let receive = |signature: Option<&str>, body: &[u8]| {
        let mut headers = HeaderMap::new();
        if let Some(signature) = signature {
            headers.insert("Smartsheet-Hmac-SHA256", HeaderValue::from_str(signature).unwrap());
        }
        receiver.receive(&headers, body).unwrap_err()
    };
    let body = b"what do ya want for nothing?";
    assert!(matches!(receive(Some(signature), body), WebhookRefusal::Malformed(_)), "signed by us, so it is read");
    assert_eq!(receive(Some(&signature.replace('5', "6")), body), WebhookRefusal::BadSignature);
    assert_eq!(receive(Some(&signature[..62]), body), WebhookRefusal::BadSignature);
    assert_eq!(receive(Some("zz"), body), WebhookRefusal::BadSignature);
    assert_eq!(receive(None, body), WebhookRefusal::Unsigned);
    assert_eq!(receive(Some(signature), &[b' '; 201]), WebhookRefusal::TooLarge);
    assert!(!format!("{receiver:?}").contains("Jefe"));
    let error = connectors_core::Error::from(WebhookRefusal::BadSignature);
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Auth, "webhooks.receive"));
    let statuses = [
        (WebhookRefusal::TooLarge, 413),
        (WebhookRefusal::Unsigned, 401),
        (WebhookRefusal::BadSignature, 401),
        (WebhookRefusal::UnknownWebhook(id), 404),
        (WebhookRefusal::Malformed(String::new()), 400),
        (WebhookRefusal::Stale, 410),
    ];
    for (refusal, status) in statuses {
        assert_eq!(refusal.reply().status().as_u16(), status, "{refusal}");
    }
}

#[tokio::test]
async fn a_webhook_speaks_for_itself_alone_and_memory_is_bounded() {
    let stage = Stage::new();
    let webhook = stage.on().await;
    stage.mock.fake().add_row(stage.sheet(), &[]);
    let now = connectors_core::Clock::now_utc(&stage.clock);
    let request = stage.mock.fake().callbacks(now).remove(0).request;
    let (headers, body) = (request.headers(), request.body());

    let other = WebhookReceiver::new();
    other.add_secret(WebhookId::new(1), webhook.shared_secret.clone().unwrap());
    assert_eq!(other.receive(headers, body), Err(WebhookRefusal::UnknownWebhook(webhook.id)));

    let forgetful =
        WebhookReceiver::builder().remember(Duration::from_secs(60), 1).clock(Arc::new(stage.clock.clone()));
    let forgetful = forgetful.max_age(Duration::from_secs(600)).build();
    forgetful.add(&webhook);
    let is_callback = || matches!(forgetful.receive(headers, body), Ok(Incoming::Callback(_)));
    assert!(is_callback() && !is_callback());
    stage.clock.advance(Duration::from_secs(61));
    assert!(is_callback(), "a minute was all");
    // What is said in their documentation is read as well as what is sent.
    let wire = serde_json::json!({
        "nonce": "n2", "webhookId": webhook.id, "scope": "sheet", "scopeObjectId": 5,
        "events": [{ "objectType": "form", "eventType": "submitted", "rowid": 6, "userid": "7", "changeAgent": "a, fizz ,b" }],
    });
    let body = wire.to_string();
    let signed = sign(webhook.shared_secret.as_ref().unwrap().expose_secret(), &body);
    let Ok(Incoming::Callback(odd)) = stage.receiver.receive(&signed, body.as_bytes()) else { panic!() };
    let event = &odd.events[0];
    assert_eq!((event.row_id.unwrap().get(), event.user_id.unwrap().get(), event.own), (6, 7, true));
    assert!(!event.object_type.is_known() && !event.event_type.is_known());
    forgetful.receive(&signed, body.as_bytes()).unwrap();
    assert!(is_callback(), "one was all");
    stage.clock.advance(Duration::from_secs(601));
    assert_eq!(forgetful.receive(headers, request.body()), Err(WebhookRefusal::Stale));
}

fn sign(secret: &str, body: &str) -> HeaderMap {
    use hmac::Mac;
    let mac = hmac::Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes()).unwrap().chain_update(body);
    let mut hex = String::new();
    for byte in mac.finalize().into_bytes() {
        write!(hex, "{byte:02x}").unwrap();
    }
    [(http::HeaderName::from_static("smartsheet-hmac-sha256"), HeaderValue::from_str(&hex).unwrap())]
        .into_iter()
        .collect()
}

#[tokio::test]
async fn what_smartsheet_would_refuse_is_not_sent() {
    let mock = MockSmartsheet::new();
    let (webhooks, sheet) = (mock.client().webhooks(), mock.store_list_id());
    for url in [
        "hooks.example.com",
        "http://hooks.example.com/",
        "https://hooks.example.com:9443/",
        "https://user:secret@hooks.example.com/",
        "https://localhost/",
        "https://intranet/",
        "https://10.0.0.8/",
        "https://100.64.1.1/",
        "https://[::1]/",
        "https://[::ffff:192.168.0.1]/",
    ] {
        let error = webhooks.create(NewWebhook::sheet("x", url, sheet)).await.unwrap_err();
        assert_eq!((error.field(), error.code()), (Some("callbackUrl"), Some("1152")), "{url}");
        assert!(!format!("{error:?}").contains("secret"), "{error:?}");
    }
    webhooks.create(NewWebhook::sheet("x", "https://203.0.114.8:8443/", sheet)).await.unwrap();
    let field = |error: connectors_core::Error| error.field().unwrap().to_owned();
    let new = || NewWebhook::sheet("x", URL, sheet);
    assert_eq!(field(webhooks.create(new().events(["row.*"])).await.unwrap_err()), "events");
    assert_eq!(field(webhooks.create(new().columns([])).await.unwrap_err()), "subscope.columnIds");
    assert_eq!(field(webhooks.create(new().custom_header("X-Key", "k")).await.unwrap_err()), "customHeaders");
    let plan = NewWebhook::plan("x", URL, PlanId::new(3)).custom_header("X-Key", "top\nsecret");
    let error = webhooks.create(plan.clone()).await.unwrap_err();
    assert_eq!(error.field(), Some("customHeaders.X-Key"));
    assert!(!format!("{error:?} {plan:?}").contains("secret"));
    assert_eq!(field(webhooks.update(WebhookId::new(1), WebhookUpdate::new()).await.unwrap_err()), "update");
    let error = webhooks.create(new().events(["row.*"])).skip_validation().await.unwrap_err();
    assert_eq!(error.smartsheet_code().unwrap().get(), 1031);
    let error = webhooks.create(NewWebhook::sheet("x", URL, SheetId::new(1))).await.unwrap_err();
    assert_eq!((error.kind(), error.smartsheet_code().unwrap().get()), (ErrorKind::NotFound, 1151));
}

#[tokio::test]
async fn over_http_the_fake_calls_back_by_itself() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    let mock = MockSmartsheet::new();
    let server = MockServer::start([("/smartsheet", mock.backend().clone())]).await.unwrap();
    let client = connectors_smartsheet::SmartsheetClient::builder().access_token("mock-key");
    let client = client.api_url(format!("{}/2.0", server.url("/smartsheet"))).build().unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let receiver = WebhookReceiver::new();
    let (sender, mut came) = tokio::sync::mpsc::unbounded_channel();
    let web_server = receiver.clone();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut bytes = Vec::new();
            let (headers, body) = loop {
                let mut piece = [0; 4096];
                let read = stream.read(&mut piece).await.unwrap();
                assert!(read > 0, "the request breaks off");
                bytes.extend_from_slice(&piece[..read]);
                let text = String::from_utf8(bytes.clone()).unwrap();
                let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
                let headers: HeaderMap = head
                    .lines()
                    .skip(1)
                    .filter_map(|line| line.split_once(": "))
                    .map(|(name, value)| (name.parse::<http::HeaderName>().unwrap(), value.parse().unwrap()))
                    .collect();
                if headers["content-length"] == body.len().to_string() {
                    break (headers, body.to_owned());
                }
            };
            let incoming = web_server.receive(&headers, body.as_bytes()).unwrap();
            let reply = incoming.reply();
            let mut answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n", reply.body().len());
            for (name, value) in reply.headers() {
                write!(answer, "{name}: {}\r\n", value.to_str().unwrap()).unwrap();
            }
            answer += "\r\n";
            stream.write_all(answer.as_bytes()).await.unwrap();
            stream.write_all(reply.body()).await.unwrap();
            sender.send(incoming).unwrap();
        }
    });
    let sheet = mock.store_list_id();
    let new = NewWebhook::sheet("Stores", &url, sheet);
    assert_eq!(client.webhooks().create(new.clone()).await.unwrap_err().field(), Some("callbackUrl"));
    let ensured = client.webhooks().ensure(new).skip_validation().receiver(&receiver).await.unwrap();
    assert!(matches!(came.recv().await, Some(Incoming::Challenge { .. })));
    let row = mock.fake().rows(sheet)[0].id;
    client.rows().delete(sheet, [row]).await.unwrap();
    let told = tokio::time::timeout(Duration::from_secs(20), came.recv()).await.unwrap().unwrap();
    let Incoming::Callback(callback) = told else { panic!("{told:?}") };
    assert_eq!((callback.webhook_id, callback.sheet()), (ensured.webhook.id, Some(sheet)));
}
