//! What every gateway in front of Brandscopic does.

use chrono::{Days, SecondsFormat};
use connectors_brandscopic::BrandscopicClient;
use connectors_brandscopic::gateway::LocationForm;
use http::Method;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::brandscopic::{brandscopic, brandscopic_campaign};
use super::gateway::{Gateway, INVALID};
use super::report::Report;
use super::run::{Checked, Failure, Run, ensure, given};
use crate::GatewayVariant;

/// The gateway contract, `POST {base}/projects`, `POST {base}/events` and `GET {base}/events/{id}`: first at the wire
/// (keys, unknown ids, invalid bodies, content types), then the [whole suite](brandscopic) through the real client, which
/// is set up as the gateway was found to be. That is told as well: the [`GatewayVariant`] that it is most like.
///
/// It writes: two projects and some ten events of the time three months from now.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// use std::sync::Arc;
/// use connectors_mock::conformance::{self, Gateway};
/// use connectors_mock::{FakeBrandscopic, InProcess, MockBrandscopic};
///
/// let backend = MockBrandscopic::new().backend().clone();
/// let clock = Arc::clone(backend.clock());
/// let transport = Arc::new(InProcess::new(backend));
/// let gateway = Gateway::new("http://localhost/v1", FakeBrandscopic::API_KEY, transport).clock(clock);
///
/// let report = conformance::brandscopic_gateway(&gateway).await;
/// report.assert();
/// assert_eq!(report.observed[0], "most like the variant Plain");
/// # }
/// ```
pub async fn brandscopic_gateway(gateway: &Gateway) -> Report {
    let mut run = Run::new("brandscopic gateway");
    let probe = json!({
        "name": "Conformance probe", "description": "Made to see what the gateway is like", "client": "Fizz",
        "region": "North",
    });
    let probe = probe.to_string();
    run.check("without the right key, nothing is done", async {
        gateway.refuses_strangers(Method::POST, "/projects", Some(&probe)).await
    })
    .await;
    run.check("a body that is not JSON is refused", async {
        for path in ["/projects", "/events"] {
            let answer = gateway.ask(Method::POST, path, Some("{\"name\": ")).await?;
            answer.is_refusal(&INVALID, &format!("half a body of {path}"))?;
        }
        Ok(())
    })
    .await;
    run.check("a project without a name is refused", async {
        let nameless = json!({"description": "", "client": "Fizz", "region": "North"}).to_string();
        gateway.ask(Method::POST, "/projects", Some(&nameless)).await?.is_refusal(&INVALID, "a project without a name")
    })
    .await;
    let project = run.check("a project is created, and its id is told", async {
        let answer = gateway.ask(Method::POST, "/projects", Some(&probe)).await?;
        Made::of(answer.succeeded("a new project")?)
    });
    let project = project.await;
    let day = gateway.clock.now_utc().date_naive().checked_add_days(Days::new(90)).unwrap_or_default();
    let made = run.check("an event is created, and its id is told", async {
        let project = given(project.as_ref())?;
        let refused = gateway.ask(Method::POST, "/events", Some(&event(gateway, project, false))).await?;
        if refused.is_success() {
            return Ok((Made::of(refused.body("a new event")?)?, false));
        }
        refused.is_refusal(&INVALID, "a location of another form")?;
        let answer = gateway.ask(Method::POST, "/events", Some(&event(gateway, project, true))).await?;
        Ok((Made::of(answer.succeeded("a new event")?)?, true))
    });
    let made = made.await;
    run.check("an event without a name, and one of no project, are refused", async {
        let (_, structured) = given(made.as_ref())?;
        let project = given(project.as_ref())?;
        let mut nameless: Value = serde_json::from_str(&event(gateway, project, *structured)).unwrap_or_default();
        if let Some(members) = nameless.as_object_mut() {
            members.remove("name");
        }
        let answer = gateway.ask(Method::POST, "/events", Some(&nameless.to_string())).await?;
        answer.is_refusal(&INVALID, "an event without a name")?;
        let nowhere = Made { id: json!("999999999"), wrapped: false };
        let answer = gateway.ask(Method::POST, "/events", Some(&event(gateway, &nowhere, *structured))).await?;
        answer.is_refusal(&[400, 404, 409, 422], "an event of no project")
    })
    .await;
    let readable = run.check("an event can be read, or its status", async {
        let (event, _) = given(made.as_ref())?;
        reads(gateway, event).await
    });
    let readable = readable.await;
    run.check("an event that does not exist is not found", async {
        let below = if *given(readable.as_ref())? { "" } else { "/status" };
        let answer = gateway.ask(Method::GET, &format!("/events/999999999{below}"), None).await?;
        answer.is_refusal(&[404], "an unknown event")
    })
    .await;
    let health = gateway.ask_as(None, Method::GET, "/health", None).await.is_ok_and(|answer| answer.is_success());
    if let (Some(project), Some((_, structured)), Some(readable)) = (&project, &made, readable) {
        let variant = match (readable, structured, project.wrapped) {
            (false, ..) => GatewayVariant::StatusOnly,
            (_, true, _) => GatewayVariant::Structured,
            (_, _, true) => GatewayVariant::Wrapped,
            _ => GatewayVariant::Plain,
        };
        run.note(format!("most like the variant {variant:?}"));
        let form = |yes, one, other| if yes { one } else { other };
        run.note(form(project.wrapped, "answers come inside of `data`", "answers come as they are"));
        run.note(form(project.id.is_number(), "ids are numbers", "ids are texts"));
        run.note(form(*structured, "locations are objects", "locations are texts"));
        run.note(form(readable, "events can be read", "of events, the status alone can be read"));
        run.note(form(health, "it tells how it is", "nothing tells how it is"));
    }
    let structured = made.as_ref().is_some_and(|(_, structured)| *structured);
    let client =
        run.check("the client takes its address, key and tenant", async { Ok(client(gateway, structured)?) }).await;
    let campaign = brandscopic_campaign(day);
    if let (Some(client), Ok(campaign)) = (client, campaign) {
        gateway.settle().await;
        run.append(brandscopic(&client, &campaign).await);
    }
    run.finish()
}

/// What was created.
struct Made {
    id: Value,
    wrapped: bool,
}

impl Made {
    #[track_caller]
    fn of(body: &Value) -> Checked<Self> {
        let wrapped = body.get("data").is_some();
        let id = body.get("data").unwrap_or(body).get("id").filter(|id| id.is_number() || id.is_string());
        let id = id.ok_or_else(|| Failure::broken("its `id` is a text or a number", &body.to_string()))?;
        Ok(Self { id: id.clone(), wrapped })
    }

    /// In a path.
    fn path(&self) -> String {
        self.id.as_str().map_or_else(|| self.id.to_string(), str::to_owned)
    }
}

fn event(gateway: &Gateway, project: &Made, structured: bool) -> String {
    let at = gateway.clock.now_utc().checked_add_days(Days::new(90)).unwrap_or_default();
    let location = if structured { json!({"city": "New York", "country": "US"}) } else { json!("New York, US") };
    json!({
        "projectId": project.path(), "name": "Conformance probe", "venue": "The Copper Kettle",
        "date": at.to_rfc3339_opts(SecondsFormat::Secs, true), "location": location,
    })
    .to_string()
}

/// Whether the event itself can be read; where not, its status can.
async fn reads(gateway: &Gateway, made: &Made) -> Checked<bool> {
    let path = format!("/events/{}", made.path());
    let whole = gateway.ask(Method::GET, &path, None).await?;
    let readable = whole.is_success();
    let answer = if readable { whole } else { gateway.ask(Method::GET, &format!("{path}/status"), None).await? };
    let body = answer.succeeded("an event, or its status,")?;
    let told = body.get("data").unwrap_or(body);
    ensure!(told.get("status").is_some_and(Value::is_string), "its `status` is a text", of body);
    if readable {
        ensure!(told.get("id") == Some(&made.id), "its `id` is the one that was created", of body);
        ensure!(told.get("name").is_some_and(Value::is_string), "its `name` is a text", of body);
    }
    Ok(readable)
}

fn client(gateway: &Gateway, structured: bool) -> connectors_core::Result<BrandscopicClient> {
    let mut client = BrandscopicClient::builder()
        .gateway(gateway.key.expose_secret())
        .api_url(&gateway.url)
        .transport(gateway.transport.clone())
        .clock(gateway.clock.clone());
    if structured {
        client = client.gateway_location(LocationForm::Object);
    }
    if let Some(tenant) = &gateway.tenant {
        client = client.tenant_id(tenant);
    }
    client.build()
}
