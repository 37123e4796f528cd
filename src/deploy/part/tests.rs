//! The parts as data: what each is given, and that they can all be started.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use super::super::images::ClinicImages;
use super::super::secret::Secret;
use super::{HealthCheck, PartStage, PartsConfig, StackPart, parts};

fn planned(faults: &[&str]) -> Vec<StackPart> {
    let images = ClinicImages {
        roles: "base".to_owned(),
        database: "database".to_owned(),
        cache: "cache".to_owned(),
        gateway: "gateway".to_owned(),
        recorder: "recorder".to_owned(),
    };
    let faults: Vec<_> = faults.iter().map(|fault| (*fault).to_owned()).collect();
    let (admin_key, service_key) = (
        Secret::from("admin".to_owned()),
        Secret::from("service".to_owned()),
    );
    let plan = PartsConfig {
        run: "r1",
        images: &images,
        faults: &faults,
        admin_key: &admin_key,
        service_key: &service_key,
    };
    parts(&plan).unwrap()
}

fn setting<'part>(parts: &'part [StackPart], name: &str, key: &str) -> Option<&'part str> {
    let part = parts.iter().find(|part| part.name == name).unwrap();
    part.environment
        .iter()
        .find(|(found, _)| *found == key)
        .map(|(_, value)| value.as_str())
}

#[test]
fn every_part_can_be_started_sometime() {
    let parts = planned(&[]);
    let mut come: Vec<&str> = Vec::new();
    while come.len() < parts.len() {
        let next: Vec<_> = parts
            .iter()
            .filter(|part| {
                !come.contains(&part.name) && part.after.iter().all(|(other, _)| come.contains(other))
            })
            .map(|part| part.name)
            .collect();
        assert!(!next.is_empty(), "only {come:?} can be started");
        come.extend(next);
    }
}

#[test]
fn faults_reach_the_roles_that_have_rules_and_no_others() {
    let parts = planned(&["a", "b"]);
    for name in ["api-1", "api-2", "objects", "recorder"] {
        assert_eq!(setting(&parts, name, "CLINIC_FAULT"), Some("a,b"), "{name}");
    }
    assert_eq!(setting(&parts, "flags", "CLINIC_FAULT"), None);
    assert_eq!(setting(&planned(&[]), "api-1", "CLINIC_FAULT"), None);
}

#[test]
fn keys_go_where_they_are_needed_and_nowhere_else() {
    let parts = planned(&[]);
    assert_eq!(setting(&parts, "flags", "CLINIC_SERVICE_KEY"), None);
    assert_eq!(setting(&parts, "objects", "CLINIC_ADMIN_KEY"), None);
    assert_eq!(setting(&parts, "recorder", "CLINIC_SERVICE_KEY"), Some("service"));
    for key in ["CLINIC_ADMIN_KEY", "CLINIC_LINK_KEY", "CLINIC_CACHE_URL"] {
        assert_eq!(setting(&parts, "recorder", key), None, "{key}");
    }
    assert_eq!(setting(&parts, "api-2", "CLINIC_ADMIN_KEY"), Some("admin"));
    let link = setting(&parts, "api-1", "CLINIC_LINK_KEY");
    assert!(link.is_some());
    assert_eq!(link, setting(&parts, "objects", "CLINIC_LINK_KEY"));
}

#[test]
fn the_replicas_wait_for_what_they_cannot_do_without() {
    let parts = planned(&[]);
    let api = parts.iter().find(|part| part.name == "api-1").unwrap();
    assert!(api.after.contains(&("database", PartStage::Healthy)));
    assert_eq!(
        setting(&parts, "api-1", "CLINIC_DATABASE_URL"),
        Some("postgres://clinic@bystander-r1-database:5432/clinic")
    );
}

#[test]
fn only_what_answers_http_is_published() {
    for part in planned(&[]) {
        assert_eq!(
            part.check != HealthCheck::Http,
            ["database", "cache"].contains(&part.name),
            "{}",
            part.name
        );
    }
}

#[test]
fn the_recorder_runs_beside_ffmpeg_and_speaks_to_the_api_like_everybody() {
    let parts = planned(&[]);
    let recorder = parts.iter().find(|part| part.name == "recorder").unwrap();
    assert_eq!(recorder.image, "recorder");
    assert!(recorder.runs_us);
    assert_eq!(
        setting(&parts, "recorder", "CLINIC_API_URL"),
        Some("http://bystander-r1-gateway:8080")
    );
}
