//! Numbers, compared and computed exactly.

use std::cmp::Ordering;

use serde_json::Value;

/// A number of JSON. Integers are as wide as needed for the result of one operation on `u64`s.
#[derive(Copy, Clone, Debug)]
pub(super) enum Number {
    Integer(i128),
    Float(f64),
}

impl Number {
    pub(super) fn from_json(number: &serde_json::Number) -> Number {
        if let Some(integer) = number.as_i64() {
            Number::Integer(integer.into())
        } else if let Some(integer) = number.as_u64() {
            Number::Integer(integer.into())
        } else {
            Number::Float(number.as_f64().unwrap_or(f64::NAN))
        }
    }

    /// The number as JSON, or `None` where JSON cannot hold it.
    pub(super) fn to_json(self) -> Option<Value> {
        match self {
            Number::Integer(integer) => i64::try_from(integer)
                .map(Value::from)
                .or_else(|_| u64::try_from(integer).map(Value::from))
                .ok(),
            Number::Float(float) => serde_json::Number::from_f64(float).map(Value::Number),
        }
    }

    /// The number if JSON can hold it: integers from `i64::MIN` to `u64::MAX`, finite floats.
    pub(super) fn checked(self) -> Option<Number> {
        let fits = match self {
            Number::Integer(integer) => {
                (i128::from(i64::MIN)..=i128::from(u64::MAX)).contains(&integer)
            }
            Number::Float(float) => float.is_finite(),
        };
        fits.then_some(self)
    }

    pub(super) fn as_float(self) -> f64 {
        match self {
            Number::Integer(integer) => integer as f64,
            Number::Float(float) => float,
        }
    }

    /// Whether the two cannot be told apart though they may have been written with other digits: one
    /// lost some when it was read.
    pub(super) fn is_blurred(self, other: Number) -> bool {
        let is_inexact = |number| matches!(number, Number::Float(float) if !is_exact(float));
        (is_inexact(self) || is_inexact(other)) && self.as_float() == other.as_float()
    }

    /// The order of two numbers, without rounding one to the other's type.
    pub(super) fn compare(self, other: Number) -> Option<Ordering> {
        match (self, other) {
            (Number::Integer(a), Number::Integer(b)) => Some(a.cmp(&b)),
            (Number::Float(a), Number::Float(b)) => a.partial_cmp(&b),
            (Number::Integer(a), Number::Float(b)) => compare_mixed(a, b),
            (Number::Float(a), Number::Integer(b)) => compare_mixed(b, a).map(Ordering::reverse),
        }
    }
}

/// Whether no other whole number is read as the same float: beyond 2^53 some are.
pub fn is_exact(float: f64) -> bool {
    const BEYOND: f64 = 9_007_199_254_740_992.0;
    float.abs() < BEYOND
}

fn compare_mixed(integer: i128, float: f64) -> Option<Ordering> {
    if float.is_nan() {
        return None;
    }
    // our integers stay far below 2^100, where every float is whole and `as` is exact
    const FAR: f64 = (1u128 << 100) as f64;
    if float >= FAR {
        return Some(Ordering::Less);
    }
    if float <= -FAR {
        return Some(Ordering::Greater);
    }
    let whole = float.trunc();
    Some(integer.cmp(&(whole as i128)).then_with(|| {
        0.0f64
            .partial_cmp(&(float - whole))
            .unwrap_or(Ordering::Equal)
    }))
}

/// What arithmetic can do.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    FloorDivide,
    Remainder,
    Power,
}

/// Why there is no result.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum NoResult {
    DivisionByZero,
    Overflow,
}

impl Arithmetic {
    pub(super) fn sign(self) -> &'static str {
        match self {
            Arithmetic::Add => "+",
            Arithmetic::Subtract => "-",
            Arithmetic::Multiply => "*",
            Arithmetic::Divide => "/",
            Arithmetic::FloorDivide => "//",
            Arithmetic::Remainder => "%",
            Arithmetic::Power => "**",
        }
    }

    /// Integers stay integers but for `/`; `//` and `%` round down, as in Python and Jinja.
    pub(super) fn compute(self, left: Number, right: Number) -> Result<Number, NoResult> {
        let divides = matches!(
            self,
            Arithmetic::Divide | Arithmetic::FloorDivide | Arithmetic::Remainder
        );
        if divides && right.as_float() == 0.0 {
            return Err(NoResult::DivisionByZero);
        }
        let result = match (left, right) {
            (Number::Integer(a), Number::Integer(b)) => self.integers(a, b)?,
            _ => Number::Float(self.floats(left.as_float(), right.as_float())?),
        };
        result.checked().ok_or(NoResult::Overflow)
    }

    fn integers(self, a: i128, b: i128) -> Result<Number, NoResult> {
        let integer = match self {
            Arithmetic::Add => a.checked_add(b),
            Arithmetic::Subtract => a.checked_sub(b),
            Arithmetic::Multiply => a.checked_mul(b),
            Arithmetic::Divide => return Ok(Number::Float(a as f64 / b as f64)),
            Arithmetic::FloorDivide => {
                let whole = a / b;
                Some(if a % b != 0 && (a < 0) != (b < 0) {
                    whole - 1
                } else {
                    whole
                })
            }
            Arithmetic::Remainder => {
                let rest = a % b;
                Some(if rest != 0 && (rest < 0) != (b < 0) {
                    rest + b
                } else {
                    rest
                })
            }
            Arithmetic::Power if b < 0 => {
                return self.floats(a as f64, b as f64).map(Number::Float);
            }
            Arithmetic::Power => u32::try_from(b).ok().and_then(|b| a.checked_pow(b)),
        };
        integer.map(Number::Integer).ok_or(NoResult::Overflow)
    }

    fn floats(self, a: f64, b: f64) -> Result<f64, NoResult> {
        Ok(match self {
            Arithmetic::Add => a + b,
            Arithmetic::Subtract => a - b,
            Arithmetic::Multiply => a * b,
            Arithmetic::Divide => a / b,
            Arithmetic::FloorDivide => floor_divide(a, b).0,
            Arithmetic::Remainder => floor_divide(a, b).1,
            Arithmetic::Power if a == 0.0 && b < 0.0 => return Err(NoResult::DivisionByZero),
            Arithmetic::Power => a.powf(b),
        })
    }
}

/// Quotient and remainder of a division that rounds down, as Python's `divmod` has them: the
/// remainder takes the sign of the divisor, and the quotient is whole.
fn floor_divide(a: f64, b: f64) -> (f64, f64) {
    let mut remainder = a % b;
    let mut quotient = (a - remainder) / b;
    if remainder == 0.0 {
        remainder = 0.0f64.copysign(b);
    } else if (remainder < 0.0) != (b < 0.0) {
        remainder += b;
        quotient -= 1.0;
    }
    let floored = quotient.floor();
    (
        if quotient - floored > 0.5 {
            floored + 1.0
        } else {
            floored
        },
        remainder,
    )
}
