//! What a mistake in a target profile says: the place, what was expected, and the nearest valid name.

use bystander::profile::{CLINIC, Profile};

/// The clinic's profile with one thing changed; its diagnostic as it is shown.
fn mistake(from: &str, to: &str) -> String {
    assert!(CLINIC.contains(from), "`{from}` is not in the profile any more");
    told(&CLINIC.replacen(from, to, 1))
}

/// A small profile with this part added.
fn with(part: &str) -> String {
    const LEAST: &str =
        "[target]\nname = \"small\"\n[base]\napi = \"http://127.0.0.1:1\"\n[role.admin]\n[role.patient]\n";
    told(&format!("{LEAST}{part}\n"))
}

fn told(text: &str) -> String {
    let Err(error) = Profile::parse_with("clinic.toml", text, &|_| None) else {
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
    a_capture_from_nowhere: r#""$.token""# => r#""biscuit clinic_session""#;
    a_length_of_time_without_a_unit: r#"within = "10s""# => r#"within = "10""#;
    a_surface_to_read_back_from: r#"read_back = "item""# => r#"read_back = "items""#;
    a_template_that_is_not_closed: r#""Bearer {{ me.token }}""# => r#""Bearer {{ me.token ""#;
    an_expectation_that_cannot_be_read: r#"expect = "status in [204, 404]""# => r#"expect = "status in [204""#;
    a_body_that_is_not_closed: r#"email = "{{ me.email }}""# => r#"email = "{{ me.email""#;
    not_toml_at_all: "[target]" => "[target";
}

macro_rules! tells {
    ($($name:ident: $part:expr;)+) => {
        $(#[test]
        fn $name() {
            insta::assert_snapshot!(stringify!($name), with($part));
        })+
    };
}

tells! {
    twin_that_nobody_knows: "[surface.x]\nrequest = \"GET /x\"\ntwin = \"admn\"";
    twin_where_people_have_rights: "[surface.x]\nrequest = \"GET /x\"\ntwin = \"admin\"\nfor = [\"patient\"]";
    secret_that_is_not_set: "[role.x]\ncredentials.header.A = \"Bearer {{ env.BYSTANDER_TEST_NONE }}\"";
    secret_in_a_body: "[role.x]\nlogin = [{ request = \"POST /x\", json = { a = [\"{{ env.BYSTANDER_TEST_NONE }}\"] } }]";
    step_that_does_nothing: "[role.x]\nlogin = [{ as = \"admin\", expect = 200 }]";
    step_that_does_two_things: "[role.x]\nlogin = [{ request = \"GET /x\", run = [\"true\"] }]";
    two_bodies: "[role.x]\nlogin = [{ request = \"POST /x\", json = { a = 1 }, form = { a = \"1\" } }]";
    body_without_a_request: "[role.x]\nlogin = [{ run = [\"true\"], body = \"x\" }]";
    owner_where_there_is_none: "[role.x]\nlogin = [{ as = \"owner\", request = \"GET /x\" }]";
    clinician_misspelt: "[action.book]\nsteps = [{ as = \"clinican\", request = \"GET /x\" }]";
    sign_in_that_waits_for_itself: "[role.x]\nlogin = [{ as = \"y\", request = \"GET /x\" }]\n[role.y]\nlogin = [{ as = \"x\", request = \"GET /x\" }]";
    capture_with_a_broken_regex: "[role.x]\nlogin = [{ request = \"GET /x\", capture = { id = \"body ~ a(b\" } }]";
    capture_with_a_name_that_is_none: "[role.x]\nlogin = [{ request = \"GET /x\", capture = { \"my-id\" = \"$.id\" } }]";
    header_that_is_none: "[role.x]\nlogin = [{ request = \"GET /x\", headers = { \"X Y\" = \"1\" } }]";
    field_without_content: "[recording]\nmissing = \"x\"\nplant = [{ request = \"POST /x\", multipart = [{ name = \"file\" }], capture = { id = \"$.id\" } }]";
    payload_out_of_place: "[role.x]\nlogin = [{ request = \"POST /x\", payload = \"media\" }]";
    pointer_that_is_none: "[change.x]\nthere = [{ edit = { file = \"f.json\", pointer = \"flags/x\", to = 1 } }]";
    plant_without_an_id: "[recording]\nmissing = \"x\"\nplant = [{ request = \"POST /x\", payload = \"media\" }]";
    plant_without_a_canary: "[recording]\nmissing = \"x\"\nplant = [{ request = \"POST /x\", capture = { id = \"$.id\" } }]";
    grant_to_nobody_known: "[recording]\nmissing = \"x\"\nplant = [{ request = \"POST /x\", payload = \"media\", capture = { id = \"$.id\" } }]\ngrants = [{ to = \"clinican\", why = \"x\" }]";
    grant_when_it_cannot_be_read: "[recording]\nmissing = \"x\"\nplant = [{ request = \"POST /x\", payload = \"media\", capture = { id = \"$.id\" } }]\ngrants = [{ to = \"clinician\", why = \"x\", when = \"to.email ==\" }]";
    way_that_captures_no_id: "[recording]\nmissing = \"x\"\nplant = [{ request = \"POST /x\", payload = \"media\", capture = { id = \"$.id\" } }]\n[recording.way.recorder]\nbegin = [{ request = \"PUT /x\", payload = \"media\" }]\nfinish = [{ request = \"POST /x\" }]";
    way_that_stores_what_it_was_not_sent: "[recording]\nmissing = \"x\"\nplant = [{ request = \"POST /x\", payload = \"media\", capture = { id = \"$.id\" } }]\n[recording.way.recorder]\nbegin = [{ request = \"PUT /x\", json = { t = \"{{ canary.title }}\" }, capture = { id = \"$.id\" } }]\nfinish = [{ request = \"POST /x\" }]\nstored = { request = \"GET /x/{{ recording.id }}\" }";
    tenant_on_an_unknown_base: "[tenant.private-service]\nbase = \"privat\"";
    tenant_of_people_where_there_are_none: "[role.x]\nlogin = [{ request = \"POST /x\", json = { tenant = \"{{ me.tenant }}\" } }]";
    items_from_nowhere: "[surface.x]\nrequest = \"GET /x\"\nlist = { items = \"items\" }";
    items_with_a_broken_regex: "[surface.x]\nrequest = \"GET /x\"\nlist = { items = 'match a[' }";
    grant_that_is_never_given: "[grant.share]\nwhy = \"shared\"";
    grant_that_opens_no_surface: "[surface.item]\nrequest = \"GET /x\"\n[grant.share]\nwhy = \"shared\"\ngive = [{ request = \"POST /x/{{ to.email }}\" }]\nopens = [\"itme\"]";
    grant_of_a_person_about_a_recording: "[grant.guardianship]\nwhy = \"guardian\"\nper = \"person\"\ngive = [{ request = \"POST /x/{{ recording.id }}/{{ to.email }}\" }]";
    grant_without_a_right_that_ends: "[grant.prescription]\nwhy = \"dispenses\"\nright = false\ngive = [{ request = \"POST /x\" }]\nwithdraw = [{ request = \"DELETE /x\" }]";
    surface_of_a_grant_that_is_none: "[grant.share]\nwhy = \"shared\"\ngive = [{ request = \"POST /x\" }]\n[surface.x]\nrequest = \"GET /x\"\ngranted = [\"shares\"]";
    next_of_two_kinds: "[surface.x]\nrequest = \"GET /x\"\nlist = { items = \"$[*]\", next = { page = \"p\", offset = \"o\" } }";
    next_without_from: "[surface.x]\nrequest = \"GET /x\"\nlist = { items = \"$[*]\", next = { query = \"cursor\" } }";
    next_variable_that_stands_nowhere: "[surface.x]\nrequest = \"POST /x\"\njson = { a = 1 }\nlist = { items = \"$[*]\", next = { variable = \"after\", from = \"$.end\" } }";
    link_without_an_address: "[surface.x]\nrequest = \"GET /x\"\nlink = true";
    surface_on_an_unknown_base: "[surface.x]\nrequest = \"GET /x\"\nbase = \"apii\"";
    surface_for_nobody_known: "[surface.x]\nrequest = \"GET /x\"\nfor = [\"patients\"]";
    surface_with_two_bodies: "[surface.x]\nrequest = \"POST /x\"\nbody = \"x\"\njson = { a = 1 }";
    websocket_that_is_not_opened_by_get: "[surface.x]\nrequest = \"POST /x\"\njson = { subscribe = \"all\" }\nstream = { for = \"1s\", websocket = true }";
    websocket_with_a_form: "[surface.x]\nrequest = \"GET /x\"\nform = { subscribe = \"all\" }\nstream = { for = \"1s\", websocket = true }";
    websocket_over_http_2: "[connection]\nhttp = \"2\"\n[surface.x]\nrequest = \"GET /x\"\nstream = { for = \"1s\", websocket = true }";
    flag_set_twice: "[flag]\nwait = \"1s\"\nset = [{ request = \"PUT /x\" }]\non = [{ request = \"PUT /x\" }]";
    flag_that_is_only_turned_on: "[flag]\nwait = \"1s\"\non = [{ request = \"PUT /x\" }]";
    flag_that_never_settles: "[flag]\nset = [{ request = \"PUT /x\" }]";
    flag_for_some_that_never_settles: "[flag]\nwait = \"1s\"\nset = [{ request = \"PUT /x\" }]\n[flag.person]\nset = [{ request = \"PUT /x/{{ person.name }}\" }]";
    flag_for_some_that_is_not_set: "[flag]\nwait = \"1s\"\nset = [{ request = \"PUT /x\" }]\n[flag.person]\nwait = \"1s\"";
    flag_for_tenants_of_which_there_are_none: "[flag]\nwait = \"1s\"\nset = [{ request = \"PUT /x\" }]\n[flag.tenant]\nset = [{ request = \"PUT /x/{{ tenant }}\" }]\nwait = \"1s\"";
    flag_that_is_not_read: "[flag]\nwait = \"1s\"\nset = [{ request = \"PUT /x\" }]\nread = { request = \"GET /x\" }";
    flag_put_back_as_nobody_read_it: "[flag]\nwait = \"1s\"\nset = [{ request = \"PUT /x\" }]\nback = [{ request = \"PUT /x\" }]";
    flag_put_back_to_what_was_not_captured: "[flag]\nwait = \"1s\"\nset = [{ request = \"PUT /x\" }]\nread = { request = \"GET /x\", capture = { enabled = \"$.on\", state = \"$.state\" } }\nback = [{ request = \"PUT /{{ before.stat }}\" }]";
    capture_with_a_template_that_is_not_closed: "[role.x]\nlogin = [{ request = \"GET /x\", capture = { id = \"$.a['{{ me.email ']\" } }]";
    capture_with_a_template_and_a_broken_path: "[role.x]\nlogin = [{ request = \"GET /x\", capture = { id = \"$.a['{{ me.email }}'\" } }]";
    change_that_settles_twice: "[change.x]\nthere = [{ request = \"PUT /x\" }]\nwait = \"1s\"\nsettled = { request = \"GET /x\" }";
    change_repeated_for_ever: "[change.x]\nthere = [{ request = \"PUT /x\" }]\nrepeat = 200";
    deploy_of_two_kinds: "[deploy.command]\nup = [\"./x\"]\n[deploy.compose]\nfile = \"c.yaml\"\nport = { api = \"x:1\" }";
    deploy_of_no_kind: "[deploy]";
    compose_port_without_a_service: "[deploy.compose]\nfile = \"c.yaml\"\nport = { api = \"8080\" }";
    image_from_nowhere: "[deploy.image.x]\nport = { api = 80 }";
    image_that_waits_for_no_port: "[deploy.image.x]\nimage = \"x:1\"\nport = { api = 80 }\nwait = { http = \"ap /health\" }";
    exception_for_no_surface: "[surface.media]\nrequest = \"GET /x\"\n[[exception]]\nsurface = \"medai\"\nwho = \"x\"\nreason = \"x\"";
    exception_with_no_technique: "[[exception]]\nsurface = \"*\"\nwho = \"x\"\nreason = \"x\"\ntechnique = \"use-another-link\"";
    exception_with_no_extent: "[[exception]]\nsurface = \"*\"\nwho = \"x\"\nreason = \"x\"\nextent = \"all\"";
    exception_to_nobody_known: "[[exception]]\nsurface = \"*\"\nwho = \"x\"\nreason = \"x\"\nto = [\"patiant\"]";
    limit_of_nothing: "[limits]\nconcurrency = 0";
    host_with_a_scheme: "[limits]\nallow_hosts = [\"https://api.example.org\"]";
    volatile_that_cannot_be_read: "[outcome]\nvolatile = [\"a(\"]";
    lives_for_no_time: "[role.x]\nlives = \"soon\"";
    refresh_without_lives: "[role.x]\nrefresh = [{ request = \"POST /x\" }]";
    name_that_nobody_captures: "[action.book]\nsteps = [{ request = \"POST /x\", capture = { consultation = \"$.id\" } }]\n[action.join]\nsteps = [{ request = \"POST /x/{{ consultaton }}\" }]";
    value_that_a_person_does_not_have: "[role.x]\ncredentials.header.A = \"{{ me.tokn }}\"\nlogin = [{ request = \"POST /x\", capture = { token = \"$.t\" } }]";
    canary_that_is_none: "[recording]\nmissing = \"x\"\nplant = [{ request = \"POST /x\", json = { a = \"{{ canary.titel }}\" }, capture = { id = \"$.id\" } }]";
    filter_that_is_none: "[role.x]\ncredentials.header.A = \"{{ me.email | base46 }}\"";
}
