//! Codes that are made.

use std::error::Error as StdError;
use std::fmt;
use std::future::IntoFuture;

use connectors_core::provider::Operation;
use connectors_core::{BoxFuture, Error, RequestOptions, Response, Result};
use http::Method;

use super::Campaigns;
use super::body::{Body, check_name};
use crate::model::Created;
use crate::{Campaign, Category, Design, PROVIDER, QrTigerClient};

static CREATE: Operation = Operation::new(PROVIDER, "campaigns.create", Method::POST, "/api/campaign/");

/// Makes a dynamic code: [`Campaigns::create`]. Await it for the [`Campaign`].
#[derive(Debug, Clone)]
#[must_use = "a request does nothing until it is awaited"]
pub struct CreateCampaign {
    client: QrTigerClient,
    options: RequestOptions,
    body: Body,
}

impl CreateCampaign {
    pub(super) fn new(client: QrTigerClient, content: String) -> Self {
        Self { client, options: RequestOptions::default(), body: Body::new(content) }
    }

    /// How it looks.
    pub fn design(mut self, design: Design) -> Self {
        self.body.qr = Some(design);
        self
    }

    /// What it holds; a link unless set. Links and cards are checked.
    pub fn category(mut self, category: Category) -> Self {
        self.body.category = Some(category);
        self
    }

    /// Its name in the dashboard. The provider is known to ignore it here: [`Campaigns::create_named`] sets it for sure.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.body.name = Some(name.into());
        self
    }

    /// Makes the code.
    pub async fn send(self) -> Result<Response<Campaign>> {
        let checked = if self.options.skip_validation { Ok(()) } else { self.body.check() };
        let call = self.client.core().call(&CREATE).check(checked).options(self.options).json(&self.body);
        let Body { content, category, .. } = self.body;
        // What it holds is known without being told.
        Ok(call.send::<Created>().await?.map(|Created { campaign: made, is_told }| Campaign {
            category: category.filter(|_| !is_told).unwrap_or(made.category),
            content: made.content.or(content),
            ..made
        }))
    }
}

connectors_core::request_options!(CreateCampaign => Campaign);

/// Makes a dynamic code and names it: [`Campaigns::create_named`]. Await it for the [`Campaign`].
#[derive(Debug, Clone)]
#[must_use = "a request does nothing until it is awaited"]
pub struct CreateNamed {
    create: CreateCampaign,
    name: String,
}

impl CreateNamed {
    pub(super) fn new(create: CreateCampaign, name: String) -> Self {
        Self { create: create.name(&name), name }
    }

    /// How it looks.
    pub fn design(mut self, design: Design) -> Self {
        self.create = self.create.design(design);
        self
    }

    /// What it holds; a link unless set. Links and cards are checked.
    pub fn category(mut self, category: Category) -> Self {
        self.create = self.create.category(category);
        self
    }

    async fn run(self) -> Result<Campaign> {
        let Self { create, name } = self;
        let campaigns = Campaigns::new(create.client.clone());
        check_name(&name)?;
        let mut made = create.await?;
        if made.name != name {
            let named = campaigns.edit(&made.id).name(&name).await;
            named.map_err(|error| {
                let hint = format!("the code {} was made: only name it, and do not make it again", made.id);
                // Whoever repeats the whole makes a second code.
                Unnamed::tell(error, made.clone()).with_retryable(false).with_maybe_applied(true).with_hint(hint)
            })?;
            made.name = name;
        }
        Ok(made)
    }
}

impl IntoFuture for CreateNamed {
    type Output = Result<Campaign>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

/// Behind an error: what was made before naming it failed.
#[derive(Debug)]
pub(crate) struct Unnamed {
    code: Campaign,
    cause: Error,
}

impl Unnamed {
    /// The error of naming `code`, which tells of it.
    pub(crate) fn tell(error: Error, code: Campaign) -> Error {
        let cause = error.clone();
        error.with_source(Self { code, cause })
    }

    /// The code that an error tells of.
    pub(crate) fn code(error: &Error) -> Option<&Campaign> {
        error.source()?.downcast_ref::<Self>().map(|unnamed| &unnamed.code)
    }
}

impl fmt::Display for Unnamed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the code {} was made, but could not be named", self.code.id)
    }
}

impl StdError for Unnamed {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.cause.source()
    }
}
