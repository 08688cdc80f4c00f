//! What the requests of all resources have in common.

use std::fmt;
use std::marker::PhantomData;

use connectors_core::provider::{Call, Operation};
use connectors_core::{BoxFuture, Cursor, Error, Page, Request, Response, Result};
use http::Method;
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

pub(crate) use connectors_core::provider::not_blank;

use crate::PROVIDER;
use crate::error_code::ErrorCode;
use crate::model::ids::positive;
use crate::model::{OffsetPage, SheetId, TokenPage, WriteResult};

/// An endpoint, named `resource.method` as the client spells it.
pub(crate) const fn operation(method: Method, name: &'static str, path: &'static str) -> Operation {
    Operation::new(PROVIDER, name, method, path)
}

/// What most calls are made of, besides what core gives them.
pub(crate) trait CallExt: Sized {
    /// Fills a parameter of the path with an id.
    fn id(self, name: &'static str, id: i64) -> Self;

    /// Fills `{sheetId}`, and takes its turn among the writes to the sheet: Smartsheet refuses parallel ones.
    fn write_to(self, sheet: SheetId) -> Self;
}

impl CallExt for Call {
    fn id(self, name: &'static str, id: i64) -> Self {
        self.check(positive(name, id)).path(name, id)
    }

    fn write_to(self, sheet: SheetId) -> Self {
        self.id("sheetId", sheet.get()).lock(format!("sheet/{sheet}"))
    }
}

/// A write that is answered with what was written, as it is now.
pub(crate) fn written<T: DeserializeOwned + Send + 'static>(call: Call) -> Request<T> {
    fn send<T: DeserializeOwned + Send + 'static>(call: Call) -> BoxFuture<Result<Response<T>>> {
        Box::pin(async move { Ok(call.send::<WriteResult<T>>().await?.map(|written| written.result)) })
    }
    Request::with(call, send::<T>)
}

/// As [`written`], where what was written may come as a list of one.
pub(crate) fn written_one<T: DeserializeOwned + Send + 'static>(call: Call) -> Request<T> {
    fn send<T: DeserializeOwned + Send + 'static>(call: Call) -> BoxFuture<Result<Response<T>>> {
        Box::pin(async move { Ok(call.send::<WriteResult<One<T>>>().await?.map(|written| written.result.0)) })
    }
    Request::with(call, send::<T>)
}

/// An object, or a list of one.
pub(crate) struct One<T>(pub(crate) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for One<T> {
    fn deserialize<D: Deserializer<'de>>(source: D) -> std::result::Result<Self, D::Error> {
        struct Either<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Either<T> {
            type Value = One<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object, or a list of one")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> std::result::Result<One<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(One)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> std::result::Result<One<T>, A::Error> {
                let first = list.next_element()?.ok_or_else(|| A::Error::invalid_length(0, &self))?;
                while list.next_element::<IgnoredAny>()?.is_some() {}
                Ok(One(first))
            }
        }
        source.deserialize_any(Either(PhantomData))
    }
}

/// A write that is answered with its success alone.
pub(crate) fn done(call: Call) -> Request<()> {
    #[derive(Deserialize)]
    struct Done {}
    impl From<Done> for () {
        fn from(_: Done) -> Self {}
    }
    Request::mapped::<Done>(call)
}

impl<T> From<OffsetPage<T>> for Vec<T> {
    fn from(page: OffsetPage<T>) -> Self {
        page.data
    }
}

/// The number in a cursor of a list that is paged by number.
pub(crate) fn page_number(cursor: Option<&Cursor>) -> Result<u32> {
    let number = cursor.map(|c| c.as_str().parse::<u32>()).transpose();
    Ok(number.map_err(|_| Error::invalid("cursor", "must be a page number"))?.unwrap_or(1))
}

/// Not by an empty page: past the end, the last one may come again. Where the totals are not told, a page that is not
/// full is the last one, and one that was there before tells so by its number.
pub(crate) fn by_number<T>(number: u32, asked: Option<&str>, page: OffsetPage<T>) -> Page<T> {
    let total = page.total_pages.filter(|total| *total >= 0);
    if total.is_none() && number > 1 && page.page_number.is_some_and(|told| told == number - 1) {
        return Page::new(Vec::new(), None);
    }
    let full = || {
        let size = page.page_size.or_else(|| asked?.parse().ok()).unwrap_or(100);
        usize::try_from(size).is_ok_and(|size| page.data.len() >= size)
    };
    let more = total.map_or_else(full, |total| i64::from(number) < total);
    Page::new(page.data, more.then(|| Cursor::new((number + 1).to_string())))
}

/// Only a missing key ends the list, not a short page.
pub(crate) fn by_key<T>(page: TokenPage<T>) -> Page<T> {
    Page::new(page.data, page.last_key.map(Cursor::new))
}

/// For a [`request!`](connectors_core::request) of an [`OffsetPage`]: the choice of a page, and all of them.
macro_rules! offset_pages {
    ($request:ident => $item:ty) => {
        crate::request::offset_pages!($request => $item, at most u32::MAX);
    };
    ($request:ident => $item:ty, at most $max:expr) => {
        impl $request {
            /// The page to begin with, from 1.
            pub fn page(self, number: u32) -> Self {
                Self(self.0.check(crate::request::at_least_one("page", number)).set("page", number))
            }

            /// How many items a page holds; 100 by default.
            pub fn page_size(self, items: u32) -> Self {
                Self(self.0.check(crate::request::page_size(items, $max)).set("pageSize", items))
            }

            /// All items, page by page. Its cursors are page numbers.
            pub fn pager(self) -> ::connectors_core::Pager<$item> {
                let first = self.0.parameter("page").map(::connectors_core::Cursor::new);
                ::connectors_core::Pager::new(first, move |cursor| {
                    let list = self.clone();
                    async move {
                        let number = crate::request::page_number(cursor.as_ref())?;
                        let asked = list.0.parameter("pageSize").map(str::to_owned);
                        let page = list.page(number).await?;
                        Ok(crate::request::by_number(number, asked.as_deref(), page))
                    }
                })
            }
        }
    };
}

/// For a [`request!`](connectors_core::request) of a [`TokenPage`]: the choice of a page, and all of them. Where tokens
/// have to be asked for, a number of items or a key does so by itself.
macro_rules! token_pages {
    ($request:ident => $item:ty) => {
        crate::request::token_pages!($request => $item, first: |list: $request| list);
    };
    ($request:ident => $item:ty, first: $first:expr) => {
        impl $request {
            /// How many items a page holds at most: a multiple of 100 up to 1000.
            pub fn max_items(self, items: u32) -> Self {
                let request = self.0.check(crate::request::hundreds("maxItems", items)).unset("paginationType");
                Self(request.set("maxItems", items))
            }

            /// Begins with the page at this cursor.
            pub fn starting_at(self, cursor: ::connectors_core::Cursor) -> Self {
                Self(self.0.unset("paginationType").set("lastKey", cursor))
            }

            /// All items, page by page.
            pub fn pager(self) -> ::connectors_core::Pager<$item> {
                let first = self.0.parameter("lastKey").map(::connectors_core::Cursor::new);
                ::connectors_core::Pager::new(first, move |cursor| {
                    let list = self.clone();
                    let page = match cursor {
                        Some(cursor) => list.starting_at(cursor),
                        None => ($first)(list),
                    };
                    async move { page.await.map(crate::request::by_key) }
                })
            }
        }
    };
}

pub(crate) use {offset_pages, token_pages};

pub(crate) fn at_least_one(field: &str, number: u32) -> Result<()> {
    if number == 0 { Err(Error::invalid(field, "must be at least 1")) } else { Ok(()) }
}

pub(crate) fn page_size(items: u32, max: u32) -> Result<()> {
    if items > max {
        return Err(Error::invalid("pageSize", format!("must be at most {max}, not {items}"))
            .with_code(ErrorCode::PARAMETER_OUT_OF_RANGE));
    }
    at_least_one("pageSize", items)
}

pub(crate) fn hundreds(field: &str, items: u32) -> Result<()> {
    if (100..=1000).contains(&items) && items.is_multiple_of(100) {
        return Ok(());
    }
    Err(Error::invalid(field, format!("must be a multiple of 100 from 100 to 1000, not {items}")))
}

/// Refuses what cannot be an e-mail address. The error does not show it: it is personal data.
pub(crate) fn email_address(field: &str, email: &str) -> Result<()> {
    let parts = email.rsplit_once('@').filter(|(name, domain)| !name.is_empty() && !domain.is_empty());
    if parts.is_none() || email.contains(|c: char| c.is_whitespace() || c.is_control() || c == ',') {
        return Err(Error::invalid(field, "must be an e-mail address"));
    }
    Ok(())
}

/// Refuses a list that is empty, or longer than one request may be.
pub(crate) fn count(field: &str, given: usize, max: usize) -> Result<()> {
    match given {
        0 => Err(Error::invalid(field, "must not be empty")),
        n if n > max => Err(Error::invalid(field, format!("must have at most {max} members, not {n}"))),
        _ => Ok(()),
    }
}

/// The body of a request that needs no more than a name.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Named {
    name: String,
}

impl Named {
    pub(crate) fn new(name: impl Into<String>) -> Self {
        Self { name: name.into() }
    }

    pub(crate) fn check(&self) -> Result<()> {
        not_blank("name", &self.name)
    }
}

/// Declares the endpoints of a resource.
macro_rules! resource {
    ($(#[$meta:meta])* pub struct $resource:ident;) => {
        $(#[$meta])*
        #[derive(Debug, Clone)]
        pub struct $resource {
            pub(crate) client: crate::client::SmartsheetClient,
        }

        impl $resource {
            pub(crate) fn new(client: crate::client::SmartsheetClient) -> Self {
                Self { client }
            }
        }
    };
}

pub(crate) use resource;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_without_totals_ends_though_its_last_page_is_full_and_comes_again() {
        let page = |told: u32| {
            let json = format!(r#"{{"pageNumber":{told},"pageSize":2,"totalPages":-1,"data":[1,2]}}"#);
            serde_json::from_str::<OffsetPage<u8>>(&json).unwrap()
        };
        assert_eq!(by_number(1, None, page(1)).next, Some(Cursor::new("2")));
        assert_eq!(by_number(2, None, page(2)).next, Some(Cursor::new("3")));
        assert_eq!(by_number(3, None, page(2)), Page::new(Vec::new(), None));
    }
}
