//! Whether an address belongs to a surface that the profile declares.

use crate::profile::Profile;
use reqwest::Url;

/// The declared surface that reading this address is one of; its path is compared with the path of the surface's request, a
/// placeholder standing for any segment. Of several, the one with the fewest placeholders (`/items/search` is no item), and of these
/// the one that is read with the session that links are followed with.
pub(super) fn surface_of(profile: &Profile, url: &Url, base_path: &str) -> Option<String> {
    let path = url.path();
    let path = path.strip_prefix(base_path.trim_end_matches('/')).unwrap_or(path);
    let fits = profile.surface.iter().filter(|(_, surface)| {
        let request = surface.request.as_str();
        let (method, wanted) = request.split_once(' ').unwrap_or(("GET", request));
        let wanted = wanted.split('?').next().unwrap_or_default();
        method == "GET" && wanted.starts_with('/') && is_one(wanted, path)
    });
    fits.min_by_key(|(_, surface)| (placeholders(surface.request.as_str()), surface.session.is_some()))
        .map(|(name, _)| name.clone())
}

fn placeholders(request: &str) -> usize {
    request.matches("{{").count()
}

fn is_one(wanted: &str, path: &str) -> bool {
    let wanted: Vec<String> = segments(wanted);
    let path: Vec<&str> = path.trim_matches('/').split('/').collect();
    wanted.len() == path.len()
        && wanted
            .iter()
            .zip(path)
            .all(|(wanted, found)| wanted.contains("{{") || wanted == found)
}

/// The segments of a path; what stands between braces is no separator.
fn segments(path: &str) -> Vec<String> {
    let mut segments = vec![String::new()];
    let mut depth = 0_u32;
    for letter in path.trim_matches('/').chars() {
        match letter {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        match segments.last_mut() {
            Some(last) if letter != '/' || depth > 0 => last.push(letter),
            _ => segments.push(String::new()),
        }
    }
    segments
}

#[cfg(test)]
mod tests {
    use super::{is_one, surface_of};
    use crate::profile::Profile;
    use reqwest::Url;

    #[test]
    fn what_stands_there_goes_before_a_placeholder() -> Result<(), Box<dyn std::error::Error>> {
        let profile = Profile::clinic()?;
        for (path, wanted) in [
            ("/v1/replays/search", Some("search")),
            ("/v1/replays/7", Some("item")),
            ("/v1/replays", Some("replays")),
            ("/v1/nowhere", None),
        ] {
            let url = Url::parse(&format!("http://127.0.0.1:1{path}"))?;
            assert_eq!(surface_of(&profile, &url, "/").as_deref(), wanted, "{path}");
        }
        Ok(())
    }

    #[test]
    fn a_placeholder_stands_for_one_segment() {
        let wanted = "/v1/replays/{{ recording.id | replace('/', '-') }}/media";
        assert!(is_one(wanted, "/v1/replays/7/media"));
        assert!(!is_one(wanted, "/v1/replays/7"));
        assert!(!is_one(wanted, "/v1/replays/7/8/media"));
        assert!(!is_one("/v1/replays", "/v1/replays/7"));
    }
}
