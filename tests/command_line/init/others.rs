//! Other people's stacks: what is found in their documents.

use bystander::profile::SentCredentials;
use serde_json::json;

use super::sources::{from, json_answer};
use crate::binary::Trouble;

/// Cookies, a form, an upload in parts, page numbers, a total in a header, and media at an address in the metadata.
#[test]
fn a_stack_with_cookies_and_attachments() -> Result<(), Trouble> {
    let text = json!({ "type": "string" });
    let document = json!({
        "openapi": "3.0.3", "info": { "title": "Film \"store\"\n", "version": "1" },
        "servers": [{ "url": "https://films.example.test/api" }],
        "security": [{ "session": [] }],
        "components": {
            "securitySchemes": { "session": { "type": "apiKey", "in": "cookie", "name": "sid" } },
            "schemas": { "Video": {
                "allOf": [{ "type": "object", "properties": { "videoId": { "type": "integer" } } }, {
                    "type": "object",
                    "properties": { "name": text, "description": text, "attachment": {
                        "type": "object", "properties": { "location": { "type": "string", "format": "uri" } },
                    } },
                }],
            } },
        },
        "paths": {
            "/sessions": {
                "post": {
                    "security": [],
                    "requestBody": { "content": { "application/x-www-form-urlencoded": { "schema": {
                        "type": "object", "required": ["username", "password"],
                        "properties": { "username": text, "password": text },
                    } } } },
                    "responses": { "302": { "description": "", "headers": { "Set-Cookie": { "schema": text } } } },
                },
                "delete": { "responses": { "204": { "description": "" } } },
            },
            "/users/self": { "get": { "responses": { "200": json_answer(json!({
                "type": "object", "properties": { "email": text },
            })) } } },
            "/videos": {
                "get": {
                    "parameters": [
                        { "name": "page", "in": "query", "schema": { "type": "integer" } },
                        { "name": "per_page", "in": "query", "schema": { "type": "integer" } },
                    ],
                    "responses": { "200": {
                        "description": "", "headers": { "X-Total-Count": { "schema": { "type": "integer" } } },
                        "content": { "application/json": { "schema": {
                            "type": "array", "items": { "$ref": "#/components/schemas/Video" },
                        } } },
                    } },
                },
                "post": {
                    "requestBody": { "content": { "multipart/form-data": { "schema": {
                        "type": "object", "required": ["file", "name"],
                        "properties": { "file": { "type": "string", "format": "binary" }, "name": text, "notes": text },
                    } } } },
                    "responses": { "201": json_answer(json!({ "$ref": "#/components/schemas/Video" })) },
                },
            },
            "/videos/{video}": {
                "parameters": [{ "name": "video", "in": "path", "required": true, "schema": { "type": "integer" } }],
                "get": { "responses": {
                    "200": json_answer(json!({ "$ref": "#/components/schemas/Video" })),
                    "404": { "description": "" },
                } },
                "put": {
                    "requestBody": { "content": { "application/json": { "schema": {
                        "type": "object", "required": ["name", "category"], "properties": { "name": text, "category": text },
                    } } } },
                    "responses": { "200": { "description": "" } },
                },
                "delete": { "responses": { "204": { "description": "" } } },
            },
        },
    });
    let (text, profile, blanks) = from(&document)?;
    let patient = &profile.role["patient"];
    assert_eq!(patient.given.len(), 5, "{text}");
    assert_eq!(patient.credentials.cookie["sid"].as_str(), "{{ me.cookie }}");
    assert_eq!(patient.login[0].request_text(), "POST /sessions");
    assert_eq!(patient.login[0].capture["cookie"].as_str(), "cookie sid");
    assert_eq!(patient.logout[0].request_text(), "DELETE /sessions");
    let whoami = patient.whoami.as_ref().ok_or("no whoami")?;
    assert!(text.contains("json('$.email') == me.email"), "{}", whoami.line());
    let list = &profile.surface["videos"];
    assert_eq!(list.request.as_str(), "GET /videos?per_page=20");
    let how = list.list.as_ref().ok_or("no list")?;
    assert_eq!(
        (how.items.as_str(), how.id.as_ref().map(|id| id.as_str())),
        ("$[*]", Some("$.videoId"))
    );
    assert_eq!(
        how.total.as_ref().map(|total| total.as_str()),
        Some("header X-Total-Count")
    );
    let page = how.next.as_ref().and_then(|next| next.page.as_ref());
    assert_eq!(page.map(|page| page.as_str()), Some("page"));
    let recording = profile.recording.as_ref().ok_or("no recording")?;
    assert_eq!(recording.missing.as_str(), "999999999");
    let parts: Vec<(&str, Option<&str>, Option<&str>)> = recording.plant[0]
        .multipart
        .iter()
        .map(|part| {
            let text = part.text.as_ref().map(|text| text.as_str());
            (
                part.name.as_str(),
                part.payload.as_ref().map(|payload| payload.as_str()),
                text,
            )
        })
        .collect();
    assert_eq!(
        parts,
        [
            ("file", Some("media"), None),
            ("name", None, Some("{{ canary.title }}")),
            ("notes", None, Some("{{ canary.metadata }}")),
        ]
    );
    assert_eq!(recording.plant[0].capture["id"].as_str(), "$.videoId");
    assert_eq!(recording.delete.len(), 1);
    let media = &profile.surface["media"];
    assert_eq!(media.steps[0].capture["url"].as_str(), "$.attachment.location");
    assert!(media.link && media.credentials == SentCredentials::Own);
    assert_eq!(
        profile.surface["item"].request.as_str(),
        "GET /videos/{{ recording.id }}"
    );
    assert!(profile.surface["rename"].write.is_some());
    for blank in ["`category`", "lend the profile", "answers hold addresses"] {
        assert!(
            blanks.iter().any(|one| one.contains(blank)),
            "`{blank}` is not in {blanks:?}"
        );
    }
    Ok(())
}

/// An id first, the bytes after; a page behind a link; a flag that can be set; a log-in that gives the id.
#[test]
fn a_stack_that_makes_a_recording_before_it_takes_it() -> Result<(), Trouble> {
    let text = json!({ "type": "string" });
    let parameter = |name: &str| json!([{ "name": name, "in": "path", "required": true, "schema": text }]);
    let document = json!({
        "openapi": "3.1.0", "info": { "title": "T", "version": "1" }, "security": [{ "b": [] }],
        "components": { "securitySchemes": {
            "b": { "type": "http", "scheme": "bearer" }, "opsKey": { "type": "apiKey", "in": "header", "name": "X-Ops" },
        } },
        "paths": {
            "/auth/token": { "post": {
                "security": [],
                "requestBody": { "content": { "application/json": { "schema": {
                    "type": "object", "required": ["email", "password"], "properties": { "email": text, "password": text },
                } } } },
                "responses": { "200": json_answer(json!({ "type": "object", "properties": {
                    "data": { "type": "object", "properties": { "access_token": text, "user_id": text } },
                } })) },
            } },
            "/recordings": {
                "get": { "responses": { "200": json_answer(json!({ "type": "object", "properties": {
                    "data": { "type": "array", "items": { "type": "object", "properties": { "uuid": text } } },
                    "meta": { "type": "object", "properties": { "totalCount": { "type": "integer" } } },
                    "_links": { "type": "object", "properties": {
                        "next": { "type": "object", "properties": { "href": text } },
                    } },
                } })) } },
                "post": {
                    "requestBody": { "content": { "application/json": { "schema": {
                        "type": "object", "required": ["title", "mime_type", "language"],
                        "properties": {
                            "title": text, "mime_type": text, "size": { "type": "integer" },
                            "language": { "type": "string", "enum": ["en", "cy"] },
                        },
                    } } } },
                    "responses": { "201": json_answer(json!({ "type": "object", "properties": { "uuid": text } })) },
                },
            },
            "/recordings/{recording}/content": {
                "parameters": parameter("recording"),
                "put": {
                    "requestBody": { "content": { "video/*": {} } }, "responses": { "204": { "description": "" } },
                },
                "get": { "responses": { "200": { "description": "", "content": { "video/*": {} } } } },
            },
            "/features/{feature}": {
                "parameters": parameter("feature"),
                "patch": {
                    "security": [{ "opsKey": [] }],
                    "requestBody": { "content": { "application/json": { "schema": {
                        "type": "object", "required": ["enabled"], "properties": { "enabled": { "type": "boolean" } },
                    } } } },
                    "responses": { "200": { "description": "" } },
                },
                "get": {
                    "security": [{ "opsKey": [] }],
                    "responses": { "200": json_answer(json!({
                        "type": "object", "properties": { "enabled": { "type": "boolean" } },
                    })) },
                },
            },
        },
    });
    let (text, profile, blanks) = from(&document)?;
    let login = &profile.role["patient"].login[0];
    assert_eq!(login.capture["token"].as_str(), "$.data.access_token", "{text}");
    assert_eq!(login.capture["id"].as_str(), "$.data.user_id");
    assert_eq!(
        profile.role["ops"].credentials.header["X-Ops"].as_str(),
        "{{ env.OPS_KEY }}"
    );
    let plant = &profile.recording.as_ref().ok_or("no recording")?.plant;
    assert_eq!(plant[0].capture["id"].as_str(), "$.uuid");
    assert_eq!(plant[1].request_text(), "PUT /recordings/{{ id }}/content");
    assert_eq!(
        plant[1].payload.as_ref().map(|payload| payload.as_str()),
        Some("media")
    );
    let body = plant[0]
        .json
        .as_ref()
        .map(ToString::to_string)
        .unwrap_or_default();
    for part in ["{{ canary.title }}", "{{ media.type }}", "{{ media.size }}", "en"] {
        assert!(body.contains(part), "{body}");
    }
    let how = profile.surface["recordings"].list.as_ref().ok_or("no list")?;
    assert_eq!(
        how.total.as_ref().map(|total| total.as_str()),
        Some("$.meta.totalCount")
    );
    let next = how.next.as_ref().and_then(|next| next.link.as_ref());
    assert_eq!(next.map(|next| next.as_str()), Some("$._links.next.href"));
    let flag = profile.flag.as_ref().ok_or("no flag")?;
    assert_eq!(flag.set[0].line(), "PATCH /features/{{ flag }}");
    assert!(flag.read.is_some() && flag.settled.is_some());
    assert!(blanks.iter().any(|blank| blank.contains("whoami")), "{blanks:?}");
    Ok(())
}
