//! The ready snippets for flag services, `fixtures/targets/flags/`, each as it is committed: against a stand-in that is as strict as the
//! service itself, with a small recording app that hears of a flag only after a while.

mod app;
mod driving;
mod flagd;
mod held;
mod launchdarkly;
mod leaking;
mod refused;
mod standing;
mod unleash;
mod unsettled;

use libtest_mimic::Trial;

use crate::listed::listed;

pub(crate) fn trials() -> Vec<Trial> {
    listed! {
        held: by_unleash, by_launchdarkly, by_a_flagd_file, by_a_flagd_file_with_ofrep, with_a_flag_that_was_disabled;
        leaking: by_unleash, by_launchdarkly, by_a_flagd_file, by_a_flagd_file_with_ofrep;
        refused: without_a_token_of_unleash, with_a_backend_token_of_unleash, with_an_sdk_key_of_launchdarkly,
            with_a_reader_of_launchdarkly, without_the_flag_in_the_flagd_file, without_the_flagd_file, without_a_token_for_ofrep;
        unsettled: by_unleash, by_launchdarkly, by_a_flagd_file, by_a_flagd_file_with_ofrep;
    }
}
