//! The requests of a surface: its own, and the same to an address that an answer gave.

use super::ProbeError;
use super::context::ProbeContext;
use crate::http::{Credentials, Request};
use crate::profile::{Surface, Text, Vars};
use reqwest::Url;
use reqwest::header::{AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION};

/// The name under which an address stands in a template, so that nothing in it is ever taken for one.
const ADDRESS: &str = "address_of_an_answer";

/// The request that the profile describes.
pub(super) fn own(
    scene: &ProbeContext<'_>,
    surface: &Surface,
    vars: &Vars,
    keys: &Credentials,
) -> Result<Request, ProbeError> {
    let site = scene.site();
    let base = base(scene, surface.base.as_ref())?;
    let mut request = site.request(surface.request.as_str(), &base, vars, keys)?;
    site.fill_payload(&mut request, surface, vars)?;
    Ok(request)
}

/// The same request to another address.
///
/// # Errors
/// When the address is not of the profile's hosts.
pub(super) fn at(
    scene: &ProbeContext<'_>,
    like: &Request,
    method: &str,
    url: &Url,
    keys: &Credentials,
) -> Result<Request, ProbeError> {
    let vars = Vars::default().with(ADDRESS, url.as_str());
    let line = format!("{method} {{{{ {ADDRESS} }}}}");
    let mut request = scene.site().request(&line, url, &vars, keys)?;
    let mut headers = like.headers.clone();
    if url.origin() != like.url.origin() {
        for secret in [AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION] {
            headers.remove(secret);
        }
    }
    headers.extend(std::mem::take(&mut request.headers));
    request.headers = headers;
    if like.method.as_str() == method {
        request.body = like.body.clone();
    }
    request.asked = like.asked.clone();
    Ok(request)
}

/// The first address of a base.
pub(super) fn base(scene: &ProbeContext<'_>, name: Option<&Text>) -> Result<Url, ProbeError> {
    let name = name.map(Text::as_str);
    let first = scene.site().addresses(name)?.first().cloned();
    first.ok_or_else(|| ProbeError::Nothing(format!("`{}` has no address", name.unwrap_or("api"))))
}
