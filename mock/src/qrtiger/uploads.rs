//! Uploaded images, and the host that all images are at.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use connectors_core::HttpRequest;
use http::{Method, StatusCode, header};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::fake::FakeQrTiger;
use super::image;
use super::state::{FakeCode, State};
use crate::fake::{self, Reply, Route};
use crate::multipart::{self, Part};
use crate::snapshot;

/// Where images are when nothing is served over sockets: never asked, and not at the API's origin.
const HOST: &str = "https://media.qrtiger.com";
const ROOT: &str = "/images/";

/// An image that was uploaded to the fake.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FakeUpload {
    /// Where it is now.
    pub address: String,
    /// Its file name.
    pub name: String,
    /// What it was said to be.
    pub content_type: String,
    /// What is in it; base64 in JSON.
    #[serde(with = "snapshot::base64")]
    pub bytes: Bytes,
}

/// The address of the picture of a code.
pub(super) fn address(state: &State, code: &FakeCode, format: &str) -> String {
    place(state, code.created_at, &format!("{}.{format}", code.id.to_lowercase()))
}

fn place(state: &State, at: DateTime<Utc>, name: &str) -> String {
    let host = state.served_at.as_deref().unwrap_or(HOST);
    format!("{host}{ROOT}{}/{name}", at.format("%Y/%m"))
}

/// What a request to the host of the images asks for; `None` when it is one to the API.
pub(super) fn route(request: &HttpRequest) -> Option<Route> {
    let is_image = request.method() == Method::GET && request.uri().path().starts_with(ROOT);
    is_image.then(|| Route::read("images.download").cost(0))
}

impl FakeQrTiger {
    /// All images that were uploaded, in the order of their arrival.
    pub fn uploads(&self) -> Vec<FakeUpload> {
        self.state().uploads.clone()
    }

    pub(super) fn upload(&self, request: &HttpRequest, now: DateTime<Utc>) -> Result<Reply, String> {
        let (name, content_type, bytes) = file(request)?;
        if !["image/png", "image/jpeg"].contains(&content_type.as_str()) {
            return Err("userFile must be a PNG or JPEG".to_owned());
        }
        let mut state = self.state();
        let extension = if content_type == "image/png" { "png" } else { "jpg" };
        let own = state.letters("upload", state.uploads.len() as u64 + 1, 12).to_lowercase();
        let address = place(&state, now, &format!("{own}.{extension}"));
        state.uploads.push(FakeUpload { address: address.clone(), name, content_type, bytes });
        Ok(fake::json(StatusCode::OK, &json!({"qrUrl": address})))
    }

    /// The answer of the host of the images.
    pub(super) fn serve(&self, request: &HttpRequest) -> Reply {
        if request.headers().contains_key(header::AUTHORIZATION) {
            // A key has no business here.
            return fake::html(StatusCode::BAD_REQUEST);
        }
        let mut state = self.state();
        let path = request.uri().path();
        if let Some(upload) = state.uploads.iter().find(|upload| upload.address.ends_with(path)) {
            let media_type = if upload.content_type == "image/png" { "image/png" } else { "image/jpeg" };
            return fake::file(media_type, upload.bytes.clone());
        }
        let (name, format) = path.rsplit('/').next().and_then(|file| file.rsplit_once('.')).unwrap_or_default();
        let code = state.find(&name.to_uppercase()).cloned();
        let is_at = |code: &FakeCode| ["png", "svg"].contains(&format) && address(&state, code, format).ends_with(path);
        match code.filter(is_at) {
            Some(code) => fake::file(image::media_type(format), image::picture(format, &code.id)),
            None => fake::html(StatusCode::NOT_FOUND),
        }
    }
}

/// The name, type and content of the only part of a form.
fn file(request: &HttpRequest) -> Result<(String, String, Bytes), String> {
    let content_type = fake::header(request, "content-type").unwrap_or_default();
    if !content_type.starts_with("multipart/form-data; boundary=") {
        return Err("the body is not a form".to_owned());
    }
    let parts = multipart::parts(request).filter(|_| request.body().ends_with(b"--\r\n"));
    let [part]: [Part; 1] = match parts.ok_or("the form is malformed")?.try_into() {
        Ok(only) => only,
        Err(_) => return Err("the form must have one part".to_owned()),
    };
    let name = part.file_name.filter(|_| part.name == "userFile").ok_or("userFile is required")?;
    Ok((name, part.mime.unwrap_or_default(), part.bytes))
}
