use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use http::{HeaderMap, header::AUTHORIZATION};
use sha2::{Digest, Sha256};

/// Base64 after RFC 4648, section 4. Padding may be missing; anything else has to be right.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What a request gave as its `user:password` (RFC 7617). Nothing prints it.
pub(super) struct Credentials {
    pair: Vec<u8>,
    colon: usize,
}

impl Credentials {
    /// Reads the one `Authorization` header there may be. `None` where there is none, another
    /// beside it, another scheme, or no user and password in it.
    pub fn read(headers: &HeaderMap) -> Option<Self> {
        let mut values = headers.get_all(AUTHORIZATION).iter();
        let (value, None) = (values.next()?, values.next()) else {
            return None;
        };
        let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("Basic") {
            return None;
        }
        let pair = BASE64.decode(token.trim_matches(' ')).ok()?;
        let colon = pair.iter().position(|&byte| byte == b':')?;
        Some(Self { pair, colon })
    }

    /// The pair as it was given.
    pub fn bytes(&self) -> &[u8] {
        &self.pair
    }

    /// All before the first colon: a user name has none.
    pub fn user(&self) -> &[u8] {
        &self.pair[..self.colon]
    }

    /// All behind the first colon.
    pub fn password(&self) -> &[u8] {
        &self.pair[self.colon + 1..]
    }

    /// To be compared with [`digest`] of what is configured.
    pub fn digest(&self) -> [u8; 32] {
        Sha256::digest(&self.pair).into()
    }
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

/// The digest of a configured pair. User names have no colon, so that no two pairs have the same
/// bytes.
pub(super) fn digest(user: &[u8], password: &[u8]) -> [u8; 32] {
    Sha256::new()
        .chain_update(user)
        .chain_update(b":")
        .chain_update(password)
        .finalize()
        .into()
}
