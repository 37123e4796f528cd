//! What a mistake in a target profile says: the place, what was expected, and the nearest valid name.

use bystander::profile::{CLINIC, Profile};

/// The clinic's profile with one thing changed; its diagnostic as it is shown.
fn mistake(from: &str, to: &str) -> String {
    assert!(CLINIC.contains(from), "`{from}` is not in the profile any more");
    let text = CLINIC.replacen(from, to, 1);
    let Err(error) = Profile::parse("clinic.toml", &text) else {
        return "no mistake was found".to_owned();
    };
    let mut shown = String::new();
    let handler =
        miette::GraphicalReportHandler::new_themed(miette::GraphicalTheme::unicode_nocolor()).with_width(100);
    match handler.render_report(&mut shown, &error) {
        Ok(()) => shown,
        Err(error) => error.to_string(),
    }
}

macro_rules! shows {
    ($($name:ident: $from:expr => $to:expr;)+) => {
        $(#[test]
        fn $name() {
            insta::assert_snapshot!(stringify!($name), mistake($from, $to));
        })+
    };
}

shows! {
    a_misspelt_field: "credentials.header.X-Clinic-Admin" => "credential.header.X-Clinic-Admin";
    an_unknown_role: r#"as = "recorder""# => r#"as = "recordr""#;
    an_unknown_base: r#"base = "flags""# => r#"base = "flag""#;
    a_request_without_a_method: r#""POST /v1/login""# => r#""/v1/login""#;
    a_status_that_is_none: "expect = 201" => "expect = 2010";
    a_path_that_cannot_be_read: r#"id = "$.id", total"# => r#"id = "$.[", total"#;
    an_expression_that_cannot_be_read: r#""status == 401""# => r#""status == ""#;
    a_capture_from_nowhere: r#""cookie clinic_session""# => r#""biscuit clinic_session""#;
    a_length_of_time_without_a_unit: r#"within = "10s""# => r#"within = "10""#;
    a_surface_to_read_back_from: r#"read_back = "item""# => r#"read_back = "items""#;
    a_template_that_is_not_closed: r#""Bearer {{ me.token }}""# => r#""Bearer {{ me.token ""#;
    an_expectation_that_cannot_be_read: r#"expect = "status in [204, 404]""# => r#"expect = "status in [204""#;
    a_body_that_is_not_closed: r#"email = "{{ me.email }}""# => r#"email = "{{ me.email""#;
    not_toml_at_all: "[target]" => "[target";
}
