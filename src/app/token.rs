use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// How long a token is: 26 characters of five bits, more than anybody can guess.
const LENGTH: usize = 26;

/// A path for `name` that only who has `secret` can tell: HMAC-SHA256 (RFC 2104), the first 130
/// bits in base32 (RFC 4648, section 6), lower case.
pub(super) fn derive_token(secret: &[u8], name: &str) -> String {
    const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else {
        unreachable!("an HMAC takes keys of any length")
    };
    mac.update(name.as_bytes());
    let digest = mac.finalize().into_bytes();
    (0..LENGTH)
        .map(|i| {
            let (byte, shift) = (i * 5 / 8, i * 5 % 8);
            let pair = u16::from_be_bytes([digest[byte], digest[byte + 1]]);
            char::from(ALPHABET[usize::from(pair >> (11 - shift)) & 31])
        })
        .collect()
}

/// What is kept of a key that a request of a flow came with: the same for the same key, and nothing
/// that the key, or a path, can be told from.
pub(super) fn derive_key(secret: &[u8], flow: &str, key: &str) -> String {
    // No name of a flow has a NUL.
    derive_token(secret, &format!("dedupe\0{flow}\0{key}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_the_same_for_the_same_secret_and_name_alone() {
        let token = derive_token(b"secret", "deploy");
        assert_eq!(token, derive_token(b"secret", "deploy"));
        assert_ne!(token, derive_token(b"secret", "deplox"));
        assert_ne!(token, derive_token(b"secres", "deploy"));
        assert_eq!(token.len(), LENGTH);
        assert!(
            token
                .bytes()
                .all(|byte| matches!(byte, b'a'..=b'z' | b'2'..=b'7'))
        );
    }

    #[test]
    fn what_is_kept_of_a_key_is_of_its_flow_and_is_no_path() {
        let kept = derive_key(b"secret", "deploy", "order");
        assert_eq!(kept, derive_key(b"secret", "deploy", "order"));
        assert_ne!(kept, derive_key(b"secret", "order", "deploy"));
        assert_ne!(kept, derive_key(b"secret", "deploy", "order-1"));
        assert_ne!(kept, derive_token(b"secret", "deploy"));
        assert_ne!(kept, derive_token(b"secret", "order"));
    }

    #[test]
    fn a_token_is_base32_of_the_hmac() {
        // python3: base64.b32encode(hmac.digest(b"key", b"name", "sha256")).lower()[:26]
        assert_eq!(derive_token(b"key", "name"), "auxeubw4gcd5d763e2362m6hkx");
    }
}
