//! The gateway's configuration, filled in with the names of a run's containers.

use minijinja::{Environment, UndefinedBehavior, context};

/// The template, compiled in.
const TEMPLATE: &str = include_str!("../../fixtures/clinic/images/gateway/clinic.conf.template");

/// Where the configuration is expected inside the container.
pub(super) const PATH: &str = "/etc/nginx/clinic.conf";

/// nginx's configuration for these hosts, all of which listen on `port`, as the gateway itself does. A stack need not have a
/// recorder.
///
/// # Errors
/// When the template names something that it is not given.
pub(super) fn configuration(
    apis: &[String],
    objects: &str,
    recorder: Option<&str>,
    port: u16,
) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.render_str(TEMPLATE, context! { apis, objects, recorder, port })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::configuration;

    #[test]
    fn names_every_replica_and_the_object_store() {
        let text = configuration(
            &["run-api-1".to_owned(), "run-api-2".to_owned()],
            "run-objects",
            Some("run-recorder"),
            8080,
        )
        .unwrap();
        assert!(
            !text
                .lines()
                .any(|line| !line.starts_with('#') && line.contains("{{")),
            "{text}"
        );
        for expected in [
            "server run-api-1:8080 ",
            "server run-api-2:8080 ",
            "server run-objects:8080 ",
            "server run-recorder:8080 ",
            "listen 8080;",
        ] {
            assert_eq!(text.matches(expected).count(), 1, "{expected} in {text}");
        }
    }

    #[test]
    fn the_compose_file_has_the_same_configuration() {
        let text = configuration(&["api-1".to_owned(), "api-2".to_owned()], "objects", None, 8080).unwrap();
        let written = include_str!("../../fixtures/targets/clinic-compose/gateway.conf");
        // but for the first line, which says what the file is
        let rest = |text: &str| text.lines().skip(1).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(rest(written), rest(&text));
    }

    #[test]
    fn what_was_asked_for_reaches_the_replicas_as_it_was() {
        let text = configuration(&["a".to_owned()], "o", None, 80).unwrap();
        for rule in [
            "proxy_set_header Range $http_range;",
            "proxy_cache_convert_head off;",
            "proxy_set_header Host $http_host;",
        ] {
            assert!(text.contains(rule), "{rule}");
        }
    }
}
