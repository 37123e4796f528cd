//! NHS numbers from the range that is never given to a real person.

use rand::RngExt;

/// A valid NHS number in the test range 999 000 0000 to 999 999 9999, with its modulus 11 check digit
/// (NHS Data Dictionary, "NHS NUMBER").
pub fn nhs_number(random: &mut impl RngExt) -> String {
    loop {
        let stem = format!("999{:06}", random.random_range(0..1_000_000_u32));
        if let Some(check) = check_digit(&stem) {
            return format!("{stem}{check}");
        }
    }
}

/// The check digit of nine digits; a remainder of 10 means that the number is not used.
fn check_digit(stem: &str) -> Option<u32> {
    let sum: u32 = stem
        .chars()
        .filter_map(|digit| digit.to_digit(10))
        .zip((2..=10).rev())
        .map(|(digit, weight)| digit * weight)
        .sum();
    match 11 - sum % 11 {
        11 => Some(0),
        10 => None,
        digit => Some(digit),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    #[test]
    fn the_check_digit_is_that_of_the_data_dictionary() {
        // the worked example of the NHS Data Dictionary: 943 476 5919
        assert_eq!(check_digit("943476591"), Some(9));
        // its weighted sum leaves a remainder of 1, for which no number is given out
        assert_eq!(check_digit("100000001"), None);
    }

    #[test]
    fn every_number_is_in_the_test_range_and_checks() {
        let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(7);
        for _ in 0..1000 {
            let number = nhs_number(&mut random);
            assert_eq!(number.len(), 10);
            assert!(number.starts_with("999"));
            let digits: Vec<u32> = number.chars().filter_map(|digit| digit.to_digit(10)).collect();
            let weighted: u32 = digits
                .iter()
                .zip((1..=10).rev())
                .map(|(digit, weight)| digit * weight)
                .sum();
            assert_eq!(weighted % 11, 0, "{number}");
        }
    }
}
