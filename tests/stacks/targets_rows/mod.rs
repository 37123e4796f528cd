//! Each row of what real stacks need from a profile, as a server that cannot be driven without it; and each trap that made
//! somebody believe a stack was safe. `fixtures/targets/ROWS.md` says which row is which syntax and which test.

mod driving;
mod extraction;
mod limits;
mod media;
mod outcomes;
mod pages;
mod people;
pub(crate) mod plain;
pub(crate) mod shelf;
mod switches;
mod ways_out;

use libtest_mimic::Trial;

use crate::listed::listed;

pub(crate) fn trials() -> Vec<Trial> {
    listed! {
        extraction: row_01_extraction, row_02_credentials_as_templates, row_12_values_from_earlier_steps,
            row_17_percent_encoding_per_place, row_21_templates_leave_other_signs_alone;
        limits: row_23_rate_limits, row_24_token_lifetime, trap_five_log_ins_a_minute,
            trap_nine_wrong_passwords_ban_the_address, trap_token_that_runs_out;
        media: row_09_uploads, row_10_ranges_are_optional, row_16_media_address_from_the_metadata,
            row_20_form_bodies_and_separate_bases, row_25_readiness_after_upload_and_change,
            trap_media_on_a_second_origin_get_no_token;
        outcomes: row_03_content_decides, row_04_a_session_that_dies, row_05_classes_of_outcome,
            row_11_denied_compared_with_missing, row_15_anonymous_and_wrong_credentials, trap_200_without_a_leak,
            trap_302_to_a_login_page_that_answers_200, trap_anonymous_open_and_a_bad_token_refused,
            trap_dead_session_and_failed_set_up, trap_list_denied_and_media_open,
            trap_metadata_open_and_media_denied;
        pages: row_14_pagination, row_14_a_list_without_end_is_not_held;
        people: row_08_provisioning, row_13_set_up_and_log_in_as_steps, row_19_cookie_jar_and_csrf;
        switches: row_07_transitions, row_22_recordings_before_during_and_after,
            trap_leak_of_what_was_made_while_a_switch_was_on;
        ways_out: row_06_further_ways_out, row_18_declared_exceptions;
    }
}
