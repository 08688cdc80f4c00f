//! Many codes at once.

use std::future::IntoFuture;
use std::sync::{Mutex, PoisonError};

use connectors_core::provider::run_bounded;
use connectors_core::{BoxFuture, BulkOptions, CampaignId, Error, ErrorKind, EventId, Result};
use url::Url;

use crate::{Category, Design, GenerateQrCode, PROVIDER, QrCode, QrTigerClient, QrTigerErrorExt, VCard};

/// How many codes are made at the same time, unless set. The client's own limit on requests in flight is the same.
const CONCURRENCY: usize = 2;

/// A code to be made by [`Campaigns::create_many`](crate::Campaigns::create_many).
#[derive(Debug, Clone)]
#[must_use = "it is made only with others"]
pub struct NewCode {
    content: Content,
    design: Option<Design>,
    name: Option<String>,
    event: Option<(CampaignId, EventId)>,
}

#[derive(Debug, Clone)]
enum Content {
    Link(Url),
    Card(Box<VCard>),
    Text(Hidden),
}

/// A text that is not shown: it may be about a person.
#[derive(Clone)]
struct Hidden(String);

impl std::fmt::Debug for Hidden {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("…")
    }
}

impl NewCode {
    fn of(content: Content) -> Self {
        Self { content, design: None, name: None, event: None }
    }

    /// A code that leads to an http or https address.
    pub fn link(destination: Url) -> Self {
        Self::of(Content::Link(destination))
    }

    /// A code that shows a text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::of(Content::Text(Hidden(text.into())))
    }

    /// A code that shows a business card.
    pub fn vcard(card: VCard) -> Self {
        Self::of(Content::Card(Box::new(card)))
    }

    /// How it looks.
    pub fn design(mut self, design: Design) -> Self {
        self.design = Some(design);
        self
    }

    /// Its name in the dashboard, which takes a second request.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Makes it the code of this event of this campaign, as
    /// [`generate_qr_code`](crate::QrTigerService::generate_qr_code) does: a second run makes nothing twice, and what was
    /// lost is found again. Only for links.
    pub fn event(mut self, campaign: &CampaignId, event: &EventId) -> Self {
        self.event = Some((campaign.clone(), event.clone()));
        self
    }

    async fn costs(&self, client: &QrTigerClient) -> Result<u64> {
        match &self.event {
            Some((campaign, event)) => client.generate_costs(campaign, event, self.name.as_deref()).await,
            None => Ok(1 + u64::from(self.name.is_some())),
        }
    }

    async fn make(self, client: &QrTigerClient) -> Result<QrCode> {
        let Self { content, design, name, event } = self;
        let (content, category) = match (content, event) {
            (Content::Link(destination), Some((campaign, event))) => {
                let mut request = GenerateQrCode::new(&campaign, &event, destination);
                (request.name, request.design) = (name, design);
                return client.generate(&request).await;
            }
            (_, Some(_)) => return Err(Error::invalid("event", "is only for codes that lead to a link")),
            (Content::Link(destination), None) => (destination.into(), Category::Url),
            (Content::Card(card), None) => (card.to_text(), Category::VCard),
            (Content::Text(text), None) => (text.0, Category::Text),
        };
        let (campaigns, design) = (client.campaigns(), design.unwrap_or_default());
        let made = match name {
            Some(name) => campaigns.create_named(content, name).category(category).design(design).await?,
            None => campaigns.create(content).category(category).design(design).await?,
        };
        Ok(QrCode { is_new: true, ..client.code(made) })
    }
}

/// What became of one of many codes.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum CodeOutcome {
    /// It is there, as it was asked for. [`QrCode::is_new`] says whether this run made it.
    Done(QrCode),
    /// It is there, but could not be named.
    Unnamed {
        /// The code.
        code: QrCode,
        /// Why it has no name.
        error: Error,
    },
    /// It failed, and made nothing.
    Failed(Error),
    /// Whether it was made is not known, and it was not made again. One of an event is looked for by the next run; for
    /// others look into the list of codes.
    Unknown(Error),
    /// The month's requests were used up before its turn came, so nothing was made of it.
    NotAttempted(Error),
}

impl CodeOutcome {
    /// The code, if it is there.
    pub fn code(&self) -> Option<&QrCode> {
        match self {
            Self::Done(code) | Self::Unnamed { code, .. } => Some(code),
            _ => None,
        }
    }

    /// What went wrong, if anything did.
    pub fn error(&self) -> Option<&Error> {
        match self {
            Self::Done(_) => None,
            Self::Unnamed { error, .. } | Self::Failed(error) | Self::Unknown(error) | Self::NotAttempted(error) => {
                Some(error)
            }
        }
    }

    fn of(outcome: Result<QrCode>, client: &QrTigerClient) -> Self {
        match outcome {
            Ok(code) => Self::Done(code),
            Err(error) => match error.created_code() {
                Some(made) => Self::Unnamed { code: client.code(made.clone()), error },
                None if error.maybe_applied() => Self::Unknown(error),
                None if error.kind() == ErrorKind::QuotaExhausted => Self::NotAttempted(error),
                None => Self::Failed(error),
            },
        }
    }
}

/// Makes many codes: [`Campaigns::create_many`](crate::Campaigns::create_many). Await it for what became of each, in the
/// order they were given in.
///
/// No create is repeated when its outcome is unknown. Where a [`monthly_quota`](crate::QrTigerBuilder::monthly_quota) is
/// set and has too little left for all, nothing is sent, unless [`partial`](Self::partial) says otherwise. Once the plan
/// is used up or the key is refused, the rest is not tried.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let client = connectors_mock::MockQrTiger::new().client().clone();
/// use connectors_core::{BulkOptions, CampaignId, EventId};
/// use connectors_qrtiger::{CodeOutcome, NewCode};
///
/// let summer = CampaignId::new("summer-2026")?;
/// let mut codes = vec![NewCode::link("https://example.com/menu".parse()?).name("Menu"), NewCode::text("Welcome")];
/// for event in ["evt-1", "evt-2"] {
///     let page = format!("https://example.com/{event}").parse()?;
///     codes.push(NewCode::link(page).event(&summer, &EventId::new(event)?));
/// }
/// let work = client.campaigns().create_many(codes).options(BulkOptions::default().concurrency(2));
/// println!("about {} requests", work.estimate().await?);
/// for outcome in work.await? {
///     match outcome {
///         CodeOutcome::Done(code) => println!("print {}", code.short_url),
///         other => panic!("{other:?}"),
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use = "nothing is made until it is awaited"]
pub struct CreateMany {
    client: QrTigerClient,
    codes: Vec<NewCode>,
    options: BulkOptions,
    partial: bool,
}

impl CreateMany {
    pub(super) fn new(client: QrTigerClient, codes: Vec<NewCode>) -> Self {
        Self { client, codes, options: BulkOptions::default(), partial: false }
    }

    /// How it is worked on: two at a time unless set.
    pub fn options(mut self, options: BulkOptions) -> Self {
        self.options = options;
        self
    }

    /// Makes as many as the month's quota has requests left for, from the first on; the rest is
    /// [`NotAttempted`](CodeOutcome::NotAttempted).
    pub fn partial(mut self) -> Self {
        self.partial = true;
        self
    }

    /// How many requests it takes if nothing goes wrong. Codes of events that were made before take fewer.
    pub async fn estimate(&self) -> Result<u64> {
        let mut requests = 0_u64;
        for code in &self.codes {
            requests = requests.saturating_add(code.costs(&self.client).await?);
        }
        Ok(requests)
    }

    /// How many codes there are requests left for.
    async fn affordable(&self) -> Result<usize> {
        let quota = self.client.quota();
        let Some(mut left) = quota.left().await? else { return Ok(self.codes.len()) };
        if !self.partial {
            quota.check(self.estimate().await?).await?;
            return Ok(self.codes.len());
        }
        for (index, code) in self.codes.iter().enumerate() {
            let Some(rest) = left.checked_sub(code.costs(&self.client).await?) else { return Ok(index) };
            left = rest;
        }
        Ok(self.codes.len())
    }

    async fn run(self) -> Result<Vec<CodeOutcome>> {
        let affordable = self.affordable().await.map_err(|error| error.with_origin(PROVIDER, "create_many"))?;
        let Self { client, codes, options, .. } = self;
        // What says that there is no point in trying further.
        let end = Mutex::new(None::<Error>);
        let ended = || end.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let work = |index: usize, code: NewCode| {
            let (client, end, ended) = (&client, &end, &ended);
            async move {
                if let Some(error) = ended() {
                    return Err(error);
                }
                if index >= affordable {
                    return Err(client.quota().exhausted().with_origin(PROVIDER, "create_many"));
                }
                let outcome = code.make(client).await;
                if let Err(error) = &outcome
                    && matches!(error.kind(), ErrorKind::QuotaExhausted | ErrorKind::Auth)
                {
                    end.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert_with(|| ending(error));
                }
                outcome
            }
        };
        let concurrency = options.concurrency.unwrap_or(CONCURRENCY);
        let outcomes = run_bounded(codes, concurrency, options.progress.as_ref(), work).await;
        Ok(outcomes.into_iter().map(|outcome| CodeOutcome::of(outcome, &client)).collect())
    }
}

/// What the codes after this error are told. It says nothing of what came of the one before.
fn ending(error: &Error) -> Error {
    let ending = Error::new(error.kind(), error.message()).with_origin(PROVIDER, "create_many").with_retryable(false);
    let ending = ending.with_hint("this was not tried, as nothing more would have succeeded");
    error.retry_after().map_or(ending.clone(), |after| ending.with_retry_after(after))
}

impl IntoFuture for CreateMany {
    type Output = Result<Vec<CodeOutcome>>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}
