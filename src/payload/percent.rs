use std::fmt;

/// What a `+` stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Plus {
    /// Itself, as in a path.
    IsPlus,
    /// A space, as in a query and in a form.
    IsSpace,
}

/// Why a text is not percent-encoded (RFC 3986, section 2.1).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum PercentError {
    /// A `%` without two hexadecimal digits behind it.
    Digits,
    /// The bytes it stands for are not UTF-8.
    Utf8,
}

impl fmt::Display for PercentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Digits => "a `%` without two hexadecimal digits behind it",
            Self::Utf8 => "bytes that are not UTF-8",
        })
    }
}

/// Decodes a text, strictly.
pub(super) fn decode(text: &str, plus: Plus) -> Result<String, PercentError> {
    let space = plus == Plus::IsSpace;
    if !text
        .bytes()
        .any(|byte| byte == b'%' || (space && byte == b'+'))
    {
        return Ok(text.to_owned());
    }
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => {
                let mut digit = || Some(char::from(bytes.next()?).to_digit(16)? as u8);
                let (Some(high), Some(low)) = (digit(), digit()) else {
                    return Err(PercentError::Digits);
                };
                high << 4 | low
            }
            b'+' if space => b' ',
            _ => byte,
        });
    }
    String::from_utf8(decoded).map_err(|_| PercentError::Utf8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_decoded_and_slips_are_told() {
        let space = |text| decode(text, Plus::IsSpace);
        assert_eq!(space("a+b%20c%2B").as_deref(), Ok("a b c+"));
        assert_eq!(decode("a+b", Plus::IsPlus).as_deref(), Ok("a+b"));
        assert_eq!(space("%C3%a9").as_deref(), Ok("é"));
        for slip in ["%", "a%2", "%zz", "%-1", "%+1", "%é"] {
            assert_eq!(space(slip), Err(PercentError::Digits), "{slip}");
        }
        assert_eq!(space("%ff"), Err(PercentError::Utf8));
    }
}
