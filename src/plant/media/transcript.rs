//! The transcript of a consultation: what a synthetic clinician and a synthetic patient said.

use crate::plant::canary::Canary;

/// A consultation in words, with the canary as its reference number at the top and again when it is read out.
#[must_use]
pub fn transcript(canary: &Canary, title: &str) -> String {
    let reference = canary.token();
    format!(
        "{title}\n\
         Reference: {reference}\n\
         \n\
         Clinician: Good morning. Can you hear me well?\n\
         Patient: Yes, the line is fine now.\n\
         Clinician: What can I do for you today?\n\
         Patient: The cough has not gone away, and I sleep badly.\n\
         Clinician: For how long has it been like this?\n\
         Patient: A little over two weeks. The tablets helped at first.\n\
         Clinician: I will send a new prescription to your pharmacy, and I would like to hear from you in ten days.\n\
         Patient: Is there a number that I should give when I ring?\n\
         Clinician: Yes, please say {reference}.\n\
         Patient: Thank you, doctor.\n\
         Clinician: Take care. Goodbye.\n"
    )
}
