//! What a canary looks like: an anchor, 104 random bits in base 32, and a check code of 26 bits.
//!
//! `qqxqxxqx` + 26 characters of the alphabet below, 34 in all. `q` and `x` stand in the anchor only, so the anchor
//! never begins inside a token; `l` and `o` are left out because people read them as `1` and `0`.
//!
//! **False alarms.** In random bytes the chance per gigabyte is below 2⁻¹³⁰ (2³⁰ places, the anchor 2⁻⁶⁰, 26
//! characters of the alphabet in either case about 2⁻⁵⁵, the check code 2⁻²⁶). In a gigabyte of random lower-case
//! letters and digits, the worst text one meets, it is about 2⁻⁴²; a text made of nothing but anchors would still
//! have to guess 26 bits for each. And a false alarm is no planted canary: to name a recording it would have to hit
//! one of the run's own 104-bit numbers as well.

use sha2::{Digest, Sha256};

/// The first characters of every canary, in lower case.
pub const ANCHOR: &[u8; 8] = b"qqxqxxqx";

/// Length of a canary in characters.
pub const TOKEN_CHARS: usize = ANCHOR.len() + BODY_CHARS;

/// Bits of randomness in a canary.
pub const RANDOM_BITS: u32 = 104;

/// Bits of check code in a canary.
pub const CHECK_BITS: u32 = 26;

const BODY_CHARS: usize = 26;
const ALPHABET: &[u8; 32] = b"0123456789abcdefghijkmnprstuvwyz";

/// Value of a character of the alphabet in either case, 255 for anything else.
const VALUES: [u8; 256] = {
    let mut values = [255; 256];
    let mut i = 0;
    while i < ALPHABET.len() {
        values[ALPHABET[i] as usize] = i as u8;
        values[ALPHABET[i].to_ascii_uppercase() as usize] = i as u8;
        i += 1;
    }
    values
};

/// The random part of a canary: what the registry looks up. It is as secret as the canary, and does not print.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenBits(u128);

impl TokenBits {
    /// The low 104 bits of `random`.
    #[must_use]
    pub fn new(random: u128) -> Self {
        Self(random & ((1 << RANDOM_BITS) - 1))
    }

    /// Reads a canary in upper, lower or mixed case; `None` if it is no well-formed one.
    #[must_use]
    pub fn read(token: &[u8]) -> Option<Self> {
        let (anchor, body) = token.split_at_checked(ANCHOR.len())?;
        if body.len() != BODY_CHARS || !anchor.eq_ignore_ascii_case(ANCHOR) {
            return None;
        }
        let mut code = 0u128;
        for &character in body {
            let value = VALUES[usize::from(character)];
            if value == 255 {
                return None;
            }
            // 26 characters of 5 bits are 130: the first two bits of the check code go off the top and are taken
            // back from the first character below.
            code = (code << 5) | u128::from(value);
        }
        let first = VALUES[usize::from(body[0])];
        Self::from_code(first >> 3, code)
    }

    /// Reads the 130 bits of a code word: the top two and the other 128.
    #[must_use]
    pub fn from_code(top: u8, low: u128) -> Option<Self> {
        let check = (u32::from(top & 3) << 24) | u32::try_from(low >> RANDOM_BITS).ok()?;
        let bits = Self::new(low);
        (bits.check() == check).then_some(bits)
    }

    /// The 130 bits of the code word, as [`Self::from_code`] reads them.
    #[must_use]
    pub fn code(self) -> (u8, u128) {
        let check = self.check();
        (
            (check >> 24) as u8,
            (u128::from(check & 0x00ff_ffff) << RANDOM_BITS) | self.0,
        )
    }

    /// The canary in lower case.
    #[must_use]
    pub fn token(self) -> String {
        let (top, low) = self.code();
        let mut token = String::with_capacity(TOKEN_CHARS);
        token.extend(ANCHOR.iter().map(|&c| char::from(c)));
        for place in (0..BODY_CHARS).rev() {
            let shift = 5 * place as u32;
            let mut value = (low.checked_shr(shift).unwrap_or(0) & 31) as u8;
            if place == BODY_CHARS - 1 {
                value = (value & 7) | (top << 3);
            }
            token.push(char::from(ALPHABET[usize::from(value)]));
        }
        token
    }

    fn check(self) -> u32 {
        let digest = Sha256::new()
            .chain_update(b"bystander canary")
            .chain_update(self.0.to_be_bytes())
            .finalize();
        u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]]) >> (32 - CHECK_BITS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_anchor_never_overlaps_itself() {
        for shift in 1..ANCHOR.len() {
            assert_ne!(ANCHOR[shift..], ANCHOR[..ANCHOR.len() - shift]);
        }
        assert!(ANCHOR.iter().all(|c| !ALPHABET.contains(c)));
    }

    proptest! {
        #[test]
        fn a_token_is_read_back_in_either_case(random: u128) {
            let bits = TokenBits::new(random);
            let token = bits.token();
            prop_assert_eq!(token.len(), TOKEN_CHARS);
            prop_assert!(TokenBits::read(token.as_bytes()) == Some(bits));
            prop_assert!(TokenBits::read(token.to_uppercase().as_bytes()) == Some(bits));
        }

        #[test]
        fn one_changed_character_is_noticed(random: u128, place in ANCHOR.len()..TOKEN_CHARS, other in 0usize..32) {
            let mut token = TokenBits::new(random).token().into_bytes();
            prop_assume!(token[place] != ALPHABET[other]);
            token[place] = ALPHABET[other];
            prop_assert!(TokenBits::read(&token).is_none());
        }
    }
}
