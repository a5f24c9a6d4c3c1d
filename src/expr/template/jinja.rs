//! Templates that need all of Jinja, rendered by minijinja within limits.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::sync::LazyLock;

use minijinja::machinery::ast::Stmt;
use minijinja::value::{Kwargs, Rest, StringInput, ValueKind, from_args};
use minijinja::{
    Environment, Error, ErrorKind, Output, State, UndefinedBehavior, Value as JinjaValue, filters,
};
use serde_json::Value;

use super::super::analysis::Analysis;
use super::super::datum::Datum;
use super::super::error::{ExprError, ExprErrorKind};
use super::super::filter::{FILTERS, Filter, FilterFault};
use super::super::limits::{FUEL, MAX_EXPRESSION, MAX_OUTPUT};
use super::super::syntax::SYNTAX;
use super::super::test_word::{TESTS, Test, TestFault};
use super::super::{Context, Root, Segment};
use super::RenderError;
use super::convert::{Map, from_jinja, invalid, measure, to_jinja, too_long, weigh};
use super::joints::{BOUND, MEASURED, OPERAND, WEIGHED, checked};

/// Filters of minijinja that only templates have.
pub(in super::super) const TEMPLATE_FILTERS: [&str; 7] = [
    "capitalize",
    "items",
    "list",
    "reverse",
    "sort",
    "title",
    "unique",
];

/// What the template is called in its environment.
const NAME: &str = "template";

/// Where a single placeholder leaves its value.
const VALUE: &str = "value";

/// A Jinja template with its environment.
#[derive(Clone)]
pub(super) struct JinjaTemplate {
    environment: Environment<'static>,
    inputs: Box<[Input]>,
    calls_now: bool,
    placeholder: bool,
}

impl fmt::Debug for JinjaTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JinjaTemplate")
            .field("inputs", &self.inputs)
            .finish_non_exhaustive()
    }
}

/// A name the template reads.
#[derive(Clone, Debug)]
struct Input {
    name: Box<str>,
    root: Root,
    /// The members that are read, or `None` for all there is.
    members: Option<Box<[Box<str>]>>,
}

impl JinjaTemplate {
    pub(super) fn new(
        text: &str,
        tree: &Stmt<'_>,
        analysis: &Analysis<'_>,
        placeholder: bool,
    ) -> Result<JinjaTemplate, ExprError> {
        let mut environment = if placeholder {
            KEEPING.clone()
        } else {
            WRITING.clone()
        };
        environment
            .add_template_owned(NAME, checked(tree, text))
            .map_err(|error| {
                let message = error
                    .detail()
                    .unwrap_or("this is not a template")
                    .to_owned();
                ExprError::new(ExprErrorKind::Syntax(message), 0..text.len())
            })?;
        let inputs = analysis.names.iter().map(|(name, root)| Input {
            name: name.as_str().into(),
            root: *root,
            members: members(*root, &analysis.roots),
        });
        Ok(JinjaTemplate {
            environment,
            inputs: inputs.collect(),
            calls_now: analysis.calls_now,
            placeholder,
        })
    }

    /// The text the template gives.
    pub(super) fn render(&self, context: &dyn Context) -> Result<String, RenderError> {
        if self.placeholder {
            let mut text = String::new();
            if let Some(value) = self.value(context)? {
                super::super::write_text(&value, &mut text);
            }
            return Ok(text);
        }
        let mut out = Limited { bytes: Vec::new() };
        let template = self
            .environment
            .get_template(NAME)
            .map_err(|error| plain(&error))?;
        template
            .render_captured_to(self.root_value(context), &mut out)
            .map_err(|error| plain(&error))?;
        String::from_utf8(out.bytes).map_err(|_| RenderError {
            message: "the text is not UTF-8".to_owned(),
        })
    }

    /// The value of a single placeholder.
    pub(super) fn value(&self, context: &dyn Context) -> Result<Option<Value>, RenderError> {
        let template = self
            .environment
            .get_template(NAME)
            .map_err(|error| plain(&error))?;
        let captured = template
            .render_captured(self.root_value(context))
            .map_err(|error| plain(&error))?;
        let value = captured.state().get_temp(VALUE).unwrap_or_default();
        from_jinja(captured.state(), &value)
            .map(|value| (!value.is_null()).then_some(value))
            .map_err(|error| plain(&error))
    }

    /// The names the template reads and what they mean now.
    fn root_value(&self, context: &dyn Context) -> JinjaValue {
        let read = |root, path: &[Segment]| {
            context
                .lookup(root, path)
                .map_or(JinjaValue::UNDEFINED, |value| to_jinja(&value))
        };
        let mut names = BTreeMap::new();
        for input in &self.inputs {
            let value = match &input.members {
                None => read(input.root, &[]),
                Some(members) => {
                    let members = members.iter().map(|member| {
                        let path = [Segment::Key(member.clone())];
                        (member.to_string(), read(input.root, &path))
                    });
                    JinjaValue::from_object(Map(members.collect()))
                }
            };
            names.insert(input.name.to_string(), value);
        }
        if self.calls_now {
            let now = context
                .now()
                .map_or(JinjaValue::UNDEFINED, JinjaValue::from);
            names.insert(
                "now".to_owned(),
                JinjaValue::from_function(move || now.clone()),
            );
        }
        JinjaValue::from_object(Map(names))
    }
}

/// The members of `root` that are read: only they are put into the template's context.
fn members(root: Root, roots: &[(Root, Vec<Segment>)]) -> Option<Box<[Box<str>]>> {
    root.word()?;
    let mut members: Vec<Box<str>> = Vec::new();
    for (_, path) in roots.iter().filter(|(other, _)| *other == root) {
        match path.first() {
            Some(Segment::Key(member)) => {
                if !members.contains(member) {
                    members.push(member.clone());
                }
            }
            _ => return None,
        }
    }
    Some(members.into())
}

/// Collects output up to the limit.
struct Limited {
    bytes: Vec<u8>,
}

impl io::Write for Limited {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + bytes.len() > MAX_OUTPUT {
            return Err(io::Error::from(io::ErrorKind::FileTooLarge));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn plain(error: &Error) -> RenderError {
    let message = match error.kind() {
        ErrorKind::OutOfFuel => "the template does too much work".to_owned(),
        ErrorKind::WriteFailure => return RenderError::too_long(),
        _ => error
            .detail()
            .map_or_else(|| error.kind().to_string(), str::to_owned),
    };
    RenderError { message }
}

/// The environment of templates that write text.
static WRITING: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = environment();
    environment
        .set_formatter(|out, state: &mut State<'_, '_>, value| write_value(out, state, value));
    environment
});

/// The environment of templates that are a single placeholder: they write nothing and keep the
/// value.
static KEEPING: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = environment();
    environment.set_formatter(|_, state: &mut State<'_, '_>, value| {
        state.set_temp(VALUE, value.clone());
        Ok(())
    });
    environment
});

/// What all templates share: no names but these, and work within limits.
fn environment() -> Environment<'static> {
    let mut environment = Environment::empty();
    environment.set_syntax(SYNTAX.clone());
    environment.set_undefined_behavior(UndefinedBehavior::Chainable);
    environment.set_fuel(Some(FUEL));
    for (word, filter) in FILTERS {
        environment.add_filter(
            word,
            move |state: &State<'_, '_>, value: &JinjaValue, arguments: Rest<JinjaValue>| {
                apply_filter(state, (word, filter), value, &arguments)
            },
        );
    }
    for (word, test) in TESTS {
        environment.add_test(
            word,
            move |state: &State<'_, '_>, value: &JinjaValue, arguments: Rest<JinjaValue>| {
                apply_test(state, (word, test), value, &arguments)
            },
        );
    }
    environment.add_filter("capitalize", |state: &State<'_, '_>, value: &JinjaValue| {
        let text = JinjaValue::from(text_of(state, value)?);
        let (text,): (StringInput<'_>,) = from_args(std::slice::from_ref(&text))?;
        Ok::<_, Error>(filters::capitalize(text))
    });
    environment.add_filter("items", |state: &State<'_, '_>, value: &JinjaValue| {
        weigh(state, value)?;
        filters::items(value)
    });
    environment.add_filter("list", |state: &State<'_, '_>, value: JinjaValue| {
        weigh(state, &value)?;
        filters::list(state, value)
    });
    environment.add_filter("reverse", |state: &State<'_, '_>, value: &JinjaValue| {
        weigh(state, value)?;
        filters::reverse(value)
    });
    environment.add_filter(
        "sort",
        |state: &State<'_, '_>, value: JinjaValue, options: Kwargs| {
            weigh_keys(state, &value, &options)?;
            filters::sort(state, value, options)
        },
    );
    environment.add_filter("title", |state: &State<'_, '_>, value: &JinjaValue| {
        text_of(state, value).map(|text| filters::title(text.into()))
    });
    environment.add_filter(
        "unique",
        |state: &State<'_, '_>, value: JinjaValue, options: Kwargs| {
            weigh_keys(state, &value, &options)?;
            filters::unique(state, value, options)
        },
    );
    environment.add_filter(OPERAND, operand);
    environment.add_filter(WEIGHED, |state: &State<'_, '_>, value: JinjaValue| {
        weigh(state, &value).map(|()| value)
    });
    environment.add_filter(MEASURED, |state: &State<'_, '_>, value: JinjaValue| {
        measure(state, &value).map(|()| value)
    });
    environment.add_filter(BOUND, bound);
    environment
}

/// Pays for a look at all of a list, and at each item once more for every part of the attribute
/// it is ordered by.
fn weigh_keys(state: &State<'_, '_>, value: &JinjaValue, options: &Kwargs) -> Result<(), Error> {
    weigh(state, value)?;
    if let Some(attribute) = options.peek::<Option<&str>>("attribute")? {
        if attribute.len() > MAX_EXPRESSION {
            return Err(invalid(format!(
                "`attribute` is longer than {MAX_EXPRESSION} bytes"
            )));
        }
        let parts = 1 + attribute.matches(['.', ',']).count();
        let items = value.len().unwrap_or_default();
        state.consume_fuel(parts.saturating_mul(items) as u64)?;
    }
    Ok(())
}

/// The text of a value, as a template writes it.
fn text_of(state: &State<'_, '_>, value: &JinjaValue) -> Result<String, Error> {
    let mut text = String::new();
    super::super::write_text(&from_jinja(state, value)?, &mut text);
    Ok(text)
}

/// What an arithmetic operator takes, if it is a number: minijinja would also repeat lists and
/// text, and add them.
fn operand(value: JinjaValue, sign: &str) -> Result<JinjaValue, Error> {
    if value.kind() == ValueKind::Number {
        return Ok(value);
    }
    let (is, hint) = match value.kind() {
        ValueKind::Undefined | ValueKind::None => ("absent", ""),
        ValueKind::Bool => ("a boolean", ""),
        ValueKind::String if sign == "+" => ("text", "; `~` joins texts"),
        ValueKind::String => ("text", ""),
        ValueKind::Map => ("an object", ""),
        _ => ("a list", ""),
    };
    Err(invalid(format!(
        "`{sign}` is given {is}, it needs two numbers{hint}"
    )))
}

/// A bound of a slice, kept so far from the ends of `i64` that minijinja can compute with it.
fn bound(value: JinjaValue) -> Result<JinjaValue, Error> {
    const FAR: i128 = 1 << 48;
    match value.kind() {
        ValueKind::Undefined | ValueKind::None => Ok(JinjaValue::from(())),
        ValueKind::Number if value.is_integer() => {
            let whole = i128::try_from(value).unwrap_or(FAR).clamp(-FAR, FAR);
            Ok(JinjaValue::from(i64::try_from(whole).unwrap_or_default()))
        }
        _ => Err(invalid("a slice needs whole numbers".to_owned())),
    }
}

fn write_value(
    out: &mut Output<'_>,
    state: &State<'_, '_>,
    value: &JinjaValue,
) -> Result<(), Error> {
    let written = match value.kind() {
        ValueKind::Undefined | ValueKind::None => Ok(()),
        ValueKind::String => {
            // a `set` block keeps what is written, and the next may write it twice
            measure(state, value)?;
            out.write_str(value.as_str().unwrap_or_default())
        }
        _ => write!(out, "{}", from_jinja(state, value)?),
    };
    written.map_err(Error::from)
}

/// Our own filter on a value of minijinja. Absent text stays absent: where that matters, the
/// checks of the text have refused it.
fn apply_filter(
    state: &State<'_, '_>,
    (word, filter): (&str, Filter),
    value: &JinjaValue,
    arguments: &[JinjaValue],
) -> Result<JinjaValue, Error> {
    let absent = value.is_undefined() || value.is_none();
    match filter {
        Filter::Default => {
            let fallback = arguments.first().cloned().unwrap_or_default();
            return Ok(if absent { fallback } else { value.clone() });
        }
        Filter::String if absent => return Ok(JinjaValue::from("")),
        Filter::ToJson => {}
        _ if absent => return Ok(JinjaValue::UNDEFINED),
        _ => {}
    }
    let input = from_jinja(state, value)?;
    let given = arguments
        .iter()
        .map(|argument| from_jinja(state, argument).map(Datum::owned))
        .collect::<Result<Vec<_>, _>>()?;
    match filter.apply(Datum::borrowed(&input), &given) {
        Ok(result) => Ok(to_jinja(&result.to_value())),
        Err(FilterFault::Input(needs)) => {
            let is = Datum::borrowed(&input).described();
            Err(invalid(format!("`{word}` is given {is}, it needs {needs}")))
        }
        Err(FilterFault::Argument(index, needs)) => {
            let is = given
                .get(index)
                .map_or_else(|| "nothing".to_owned(), Datum::described);
            Err(invalid(format!("`{word}` is given {is}, it needs {needs}")))
        }
        Err(FilterFault::TooLarge) => Err(too_long()),
    }
}

/// Our own test on a value of minijinja. An absent value passes no test that asks for a kind.
fn apply_test(
    state: &State<'_, '_>,
    (word, test): (&str, Test),
    value: &JinjaValue,
    arguments: &[JinjaValue],
) -> Result<bool, Error> {
    let absent = value.is_undefined() || value.is_none();
    if absent && !test.accepts_absent() {
        return Ok(false);
    }
    let input = if test.accepts_absent() {
        // it asks for nothing else, so any value will do for this one
        if absent {
            Value::Null
        } else {
            Value::Bool(true)
        }
    } else {
        from_jinja(state, value)?
    };
    let argument = arguments.first().map(|it| from_jinja(state, it));
    let argument = argument.transpose()?;
    let argument = argument.as_ref().map(Datum::borrowed);
    test.apply(&Datum::borrowed(&input), argument.as_ref())
        .map_err(|fault| {
            let (is, needs) = match (fault, &argument) {
                (TestFault::Argument(needs), Some(argument)) => (argument.described(), needs),
                (TestFault::Input(needs) | TestFault::Argument(needs), _) => {
                    (Datum::borrowed(&input).described(), needs)
                }
            };
            invalid(format!("`{word}` is given {is}, it needs {needs}"))
        })
}
