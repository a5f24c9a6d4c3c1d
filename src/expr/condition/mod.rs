//! Conditions: Jinja's syntax, and an evaluation that never guesses.

mod compile;
mod evaluate;
mod kinds;
mod tree;

#[cfg(test)]
mod cases;
#[cfg(test)]
mod jinja;

use serde_json::Value;

use super::analysis::{Absence, Analysis, Place};
use super::error::ExprError;
use super::{Context, Root, Scope, Segment, syntax};

/// A condition: an expression that is true or false, or fails where the values are not what it
/// takes.
#[derive(Clone, Debug)]
pub struct Condition {
    text: Box<str>,
    tree: tree::Node,
    roots: Box<[(Root, Vec<Segment>)]>,
    shows: [Box<[Root]>; 2],
}

/// Two conditions are equal where they are written alike and read the same.
impl PartialEq for Condition {
    fn eq(&self, other: &Condition) -> bool {
        self.text == other.text && self.roots == other.roots
    }
}

impl Eq for Condition {}

/// A part of a condition that was read, and what it was.
#[derive(Clone, PartialEq, Debug)]
pub struct Operand {
    /// The part as written: `amount`, `items[0].qty`, `amount | abs`.
    pub text: String,
    /// Its value; `None` where it was absent.
    pub value: Option<Value>,
}

/// Why a condition is neither true nor false.
#[derive(Clone, PartialEq, Debug)]
pub struct EvalError {
    /// The operand, what it was and what was needed:
    /// ``"`amount` is text (\"5\"), `>=` needs two numbers or two texts"``.
    pub message: String,
    /// Everything that was read, with its value.
    pub operands: Vec<Operand>,
}

impl std::fmt::Display for EvalError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for EvalError {}

impl Condition {
    /// Parses a condition and checks its names against `scope`.
    ///
    /// # Errors
    /// All errors at once, except that a text that does not follow the grammar has only that one.
    pub fn parse(text: &str, scope: &dyn Scope) -> Result<Condition, Vec<ExprError>> {
        let expression = syntax::expression(text).map_err(|error| vec![error])?;
        let mut analysis = Analysis::new(scope, Place::Condition, text);
        analysis.expr(&expression, Absence::Refused);
        if !analysis.errors.is_empty() {
            return Err(analysis.errors);
        }
        let shows = [false, true].map(|outcome| {
            let names = analysis.facts(&expression, outcome);
            let bound = names.iter().filter_map(|name| scope.lookup(name));
            bound.map(|binding| binding.root).collect()
        });
        let roots = analysis.roots.into();
        let tree = compile::Compiler { text, scope }
            .node(&expression)
            .map_err(|error| vec![error])?;
        Ok(Condition {
            text: text.into(),
            tree,
            roots,
            shows,
        })
    }

    /// What no run could decide, by the kinds of values that `scope` is sure of: a number compared
    /// with text, text in the place of a boolean.
    pub fn never_decided(&self, scope: &dyn Scope) -> Vec<ExprError> {
        let mut kinds = kinds::Kinds::new(&self.text, scope);
        kinds.boolean(&self.tree, "a condition");
        kinds.errors
    }

    /// What is sure to have a value once the condition came to `outcome`: `x is defined and …`
    /// that is true shows `x`.
    pub fn shows(&self, outcome: bool) -> &[Root] {
        &self.shows[usize::from(outcome)]
    }

    /// The condition as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Everything the condition reads, each as far as its path is written out.
    pub fn roots(&self) -> &[(Root, Vec<Segment>)] {
        &self.roots
    }

    /// Whether the condition holds. Every operand that is read is added to `trace`, if there is
    /// one; what `and` and `or` pass over is not read.
    ///
    /// # Errors
    /// Where an operand is absent or not of a kind its operator takes.
    pub fn evaluate(
        &self,
        context: &dyn Context,
        trace: Option<&mut Vec<Operand>>,
    ) -> Result<bool, EvalError> {
        let traced = trace.is_some();
        let mut trace = trace;
        let result =
            evaluate::Evaluation::new(&self.text, context, trace.as_deref_mut()).truth(&self.tree);
        result.map_err(|message| {
            let operands = match trace {
                Some(trace) if traced => trace.clone(),
                // only now that it failed is it worth knowing what was read
                _ => {
                    let mut operands = Vec::new();
                    let again = evaluate::Evaluation::new(&self.text, context, Some(&mut operands))
                        .truth(&self.tree);
                    debug_assert!(again.is_err(), "the same values give the same result");
                    operands
                }
            };
            EvalError {
                message: message.into(),
                operands,
            }
        })
    }
}
